"""No import stands inside a function to break a circle (ARCHITECTURE.md, Storeys).

import-linter sees such imports, but not why they are there: two modules of one storey that import
each other. So our own code is imported at the head of a module. Heavy libraries of others may be
imported where they are used.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.house import PACKAGES, our_files

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
#: Calls that import by a name in a string.
BY_NAME = {"import_module", "import_string", "get_model", "__import__"}


def may_import_late(path: Path, function: str) -> bool:
    """Django calls `ready` when all models are there; a command is no module's dependency."""
    return (path.name, function) == ("apps.py", "ready") or "management" in path.parts


def hidden_imports(path: Path, source: str) -> Iterator[tuple[str, str]]:
    """Each import of ours inside a function, as `path function` and what is imported."""

    def search(node: ast.AST, function: str) -> Iterator[tuple[str, str]]:
        for child in ast.iter_child_nodes(node):
            inside = function
            if isinstance(child, FUNCTIONS) and not function:
                inside = getattr(child, "name", "lambda")
            if inside and not may_import_late(path, inside):
                yield from ((f"{path} {inside}", name) for name in imported(child, path))
            yield from search(child, inside)

    return search(ast.parse(source), "")


def imported(node: ast.AST, path: Path) -> Iterator[str]:
    """The modules of ours that this very node imports."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        folder = ".".join(path.parts[: len(path.parts) - node.level]) if node.level else ""
        names = [f"{folder}.{node.module or ''}".strip(".")]
    elif isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in BY_NAME and node.args and isinstance(node.args[0], ast.Constant):
            name = str(node.args[0].value)
            names = [packages_by_label().get(name.partition(".")[0], name)]
    yield from (name for name in names if name.partition(".")[0] in PACKAGES)


@cache
def packages_by_label() -> dict[str, str]:
    """As `get_model` names them: people is lms.people."""
    return {config.label: config.name for config in apps.get_app_configs()}


@pytest.fixture(scope="module")
def found(checkout) -> dict[str, str]:
    return {
        place: module
        for package in PACKAGES
        for path in our_files(checkout / package, "*.py")
        if "migrations" not in path.parts
        for place, module in hidden_imports(path.relative_to(checkout), path.read_text())
    }


def test_no_import_of_ours_hides_in_a_function(found):
    assert found == {}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("media/planted.py", "from media.models import Video"),
        ("media/planted.py", "import subtitles.models as tracks"),
        ("lms/units/planted.py", "from .models import Unit"),
        ("courses/planted.py", "if today:\n        from lms.people import models"),
        ("courses/planted.py", "return apps.get_model('courses.LessonPage')"),
        ("lms/units/planted.py", "return apps.get_model('people', 'Learner')"),
        ("courses/planted.py", "return import_module('courses.models')"),
        ("courses/planted.py", "class Inner:\n        from courses import models"),
        ("media/apps.py", "from media.models import Video"),
    ],
)
def test_a_planted_one_is_found(path, line):
    source = f"async def look(today):\n    {line}\n"
    [(place, _module)] = hidden_imports(Path(path), source)
    assert place == f"{path} look"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("media/planted.py", "from media.models import Video\n\ndef look():\n    return Video\n"),
        ("media/planted.py", "def look():\n    import numpy\n"),
        ("media/planted.py", "try:\n    import media.models\nexcept ImportError:\n    pass\n"),
        ("media/apps.py", "class Media:\n    def ready(self):\n        import media.checks\n"),
        ("media/management/commands/look.py", "def handle():\n    import media.models\n"),
    ],
)
def test_the_others_are_left_alone(path, source):
    assert list(hidden_imports(Path(path), source)) == []
