"""Whatever the program reads from its environment stands in the table of docs/operating, in both
languages, and the table names nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.settings import env
from lms.settings.required import REQUIRED
from tests.architecture.house import PACKAGES, our_files

READERS = {
    name
    for name, reader in vars(env).items()
    if getattr(reader, "__module__", None) == env.__name__
}


def read_from_environment(source: str) -> Iterator[str]:
    """The names that `env.integer("NAME", …)`, `os.environ.get("NAME")` and the like ask for."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            reader, named = node.func, node.args[0]
        elif isinstance(node, ast.Subscript):
            reader, named = node.value, node.slice
        else:
            continue
        if not isinstance(named, ast.Constant) or not re.fullmatch("[A-Z_]+", str(named.value)):
            continue  # the cheaper question first: there are a hundred thousand calls
        asked = ast.unparse(reader)
        if asked.removeprefix("env.") in READERS or "environ" in asked or asked == "os.getenv":
            yield str(named.value)


def read_by_the_program(checkout: Path) -> set[str]:
    files = [checkout / "manage.py"]
    files += [path for room in PACKAGES for path in our_files(checkout / room, "*.py")]
    return {name for path in files for name in read_from_environment(path.read_text())}


@pytest.mark.parametrize("page", ["docs/operating.md", "docs/operating.zh-CN.md"])
def test_the_table_of_settings_is_what_the_program_reads(checkout, page):
    section = re.split(r"(?m)^## ", (checkout / page).read_text())
    [settings] = [part for part in section if part.startswith(("Settings", "设置"))]
    told = re.findall(r"(?m)^\| `([A-Z_]+)`", settings)
    assert sorted(told) == sorted(read_by_the_program(checkout) | REQUIRED.keys())


@pytest.mark.parametrize(
    "line",
    [
        'env.integer("HATS", 1)',
        'os.environ["HATS"]',
        'os.environ.get("HATS", "")',
        'os.getenv("HATS")',
    ],
)
def test_a_setting_is_found_however_it_is_read(line):
    assert list(read_from_environment(f"wear({line})")) == ["HATS"]
