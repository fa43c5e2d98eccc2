"""Nothing is used that the requirements do not name."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions, requires
from pathlib import Path

from packaging.specifiers import SpecifierSet

from tests.architecture.house import PACKAGES, our_files

OLDEST_PYTHON = "3.11.2"  # Debian 12's
# What is installed by bin/test --thorough only.
OPTIONAL = {"whisper": ["openai-whisper"], "torch": ["torch"]}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(checkout: Path) -> set[str]:
    lines = [line for path in checkout.glob("requirements*.txt") for line in path.open()]
    return {normal(re.split(r"==|\[", line)[0]) for line in lines if "==" in line}


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All of them, however deep; the parts of expressions are most of a tree and import nothing."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            yield node
            yield from statements(node)


def imported(path: Path) -> Iterator[str]:
    for node in statements(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def brought_by(names: set[str]) -> set[str]:
    """What these bring along and let others import: modelcluster comes with Wagtail."""
    installed = {normal(name) for homes in packages_distributions().values() for name in homes}
    lines = [line for name in names & installed for line in requires(name) or []]
    return {normal(re.split(r"[^\w.-]", line)[0]) for line in lines if "extra ==" not in line}


def test_whatever_is_imported_is_a_requirement(checkout):
    named = pinned(checkout)
    allowed = named | brought_by(named)
    homes = {**packages_distributions(), **OPTIONAL}
    missing = {
        f"{path.relative_to(checkout)} imports {name}"
        for package in PACKAGES
        for path in our_files(checkout / package, "*.py")
        for name in set(imported(path)) - sys.stdlib_module_names - set(PACKAGES)
        if not {normal(home) for home in homes.get(name, [name])} & allowed
    }
    assert missing == set()


def test_whatever_is_installed_runs_on_the_oldest_python(checkout):
    lines = (checkout / "constraints.txt").read_text().splitlines()
    held = {line.partition("==")[0] for line in lines if "==" in line}
    refused = {}
    for name in held | pinned(checkout):
        try:
            wanted = distribution(name).metadata["Requires-Python"]
        except PackageNotFoundError:
            continue  # of bin/test --thorough, or another system's
        if wanted and not SpecifierSet(wanted).contains(OLDEST_PYTHON):
            refused[name] = wanted
    assert refused == {}
