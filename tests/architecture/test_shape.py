"""Rules of the house that a machine can see (ARCHITECTURE.md)."""

import ast
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.house import PACKAGES, our_files

MOST_LINES = 400
#: Rooms whose class names are nowhere else in the house.
OF_ONE_NAME = ("courses", "subtitles", "lms/tv", "lms/accounts", "lms/helpline")
NAMELESS = {"core", "utils", "common", "helpers"}


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


def class_names(checkout: Path, rooms: Iterable[str]) -> Iterator[str]:
    """Of the classes at the top of modules, one each time that a name is given."""
    for room in rooms:
        for path in our_files(checkout / room, "*.py"):
            if "migrations" not in path.parts:
                tree = ast.parse(path.read_text())
                yield from (node.name for node in tree.body if isinstance(node, ast.ClassDef))


def test_no_class_of_these_rooms_shares_its_name_with_another(checkout):
    own = set(class_names(checkout, OF_ONE_NAME)) - {"Command"}  # as Django looks for it
    counts = Counter(class_names(checkout, PACKAGES))
    assert {name for name in own if counts[name] > 1} == set()


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
    """An assert, pytest.raises, or a call that raises unless something comes true."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if re.match(
                r"raises$|warns$|expect|_?assert|fail$|wait_for_(url|function)$|until$", name
            ):
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


def test_no_browser_waits_by_a_string_that_the_site_forbids(checkout):
    """Playwright evaluates it again until it is true; the Content-Security-Policy lets the first
    evaluation pass only, so that the wait fails on a machine that is slow that day."""
    waiting = re.compile(r"\bpage\.wait_for_function\(")
    files = [*our_files(checkout / "tests", "*.py"), *(checkout / "bin").iterdir()]
    assert [str(path) for path in files if waiting.search(path.read_text())] == []
