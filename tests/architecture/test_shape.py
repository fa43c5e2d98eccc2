"""Rules of the house that a machine can see (ARCHITECTURE.md)."""

import ast
import os
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.storeys import PACKAGES

MOST_LINES = 400
NAMELESS = {"core", "utils", "common", "helpers"}
NOT_OURS = {".git", ".venv", "node_modules", "var", "vendor", "__pycache__"}


def our_files(checkout: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(checkout.rglob(pattern)):
        if not NOT_OURS & set(path.relative_to(checkout).parts):
            yield path


def test_no_package_is_called_utils_or_the_like(checkout):
    found = [path for path in our_files(checkout, "*") if path.stem in NAMELESS]
    assert found == []


def test_no_module_is_longer_than_a_person_reads(checkout):
    long = {
        str(path): lines
        for path in our_files(checkout, "*.py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}


def test_templates_mirror_the_apps(checkout):
    labels = {config.label for config in apps.get_app_configs()} | {"allauth"}
    folders = {path.name for path in (checkout / "templates").iterdir() if path.is_dir()}
    assert folders <= labels


def test_what_is_meant_to_be_run_can_be(checkout):
    programs = [*(checkout / "bin").iterdir(), checkout / ".ci/run", checkout / "manage.py"]
    programs += our_files(checkout, "*.sh")
    assert [str(path) for path in programs if not os.access(path, os.X_OK)] == []


def test_every_bash_program_stops_at_its_first_error(checkout):
    for path in [*(checkout / "bin").iterdir(), *our_files(checkout, "*.sh")]:
        text = path.read_text()
        if "bash" in text.splitlines()[0]:
            assert "\nset -euo pipefail\n" in text, path


def checks_something(test: ast.AST) -> bool:
    """An assert, pytest.raises, or a call that says it asserts or expects."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if re.match(r"raises$|warns$|expect|_?assert|fail$", name):
                return True
    return False


def idle_tests(source: str) -> list[str]:
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [f.name for f in functions if f.name.startswith("test_") and not checks_something(f)]


def test_every_test_checks_something(checkout):
    idle = {
        str(path): names
        for path in our_files(checkout / "tests", "test_*.py")
        if (names := idle_tests(path.read_text()))
    }
    assert idle == {}


@pytest.mark.parametrize("body", ["pass", "...", "open_the_page()", "print('it works')"])
def test_an_idle_test_is_found(body):
    assert idle_tests(f"def test_it_works():\n    {body}\n") == ["test_it_works"]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(checkout: Path) -> set[str]:
    texts = [path.read_text() for path in checkout.glob("requirements*.txt")]
    return {normal(name) for name in re.findall(r"^([\w.-]+)(?:\[.*?\])?==", "\n".join(texts), re.M)}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_whatever_is_imported_is_a_requirement(checkout):
    """Named in a requirements file, or brought by one that is named (modelcluster by Wagtail)."""
    direct = pinned(checkout)
    brought = {
        normal(re.split(r"[^\w.-]", line)[0])
        for name in direct & {normal(d) for names in packages_distributions().values() for d in names}
        for line in requires(name) or []
        if "extra ==" not in line
    }
    home_of = packages_distributions() | {"whisper": ["openai-whisper"], "torch": ["torch"]}
    known = sys.stdlib_module_names | set(PACKAGES)
    missing = {
        f"{path.relative_to(checkout)} imports {name}"
        for package in PACKAGES
        for path in our_files(checkout / package, "*.py")
        for name in set(imported(path)) - known
        if not {normal(home) for home in home_of.get(name, [name])} & (direct | brought)
    }
    assert missing == set()
