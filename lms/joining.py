"""Style sheets and modules with what they import in their place: one file for many.

Called where static files are collected for serving (lms/storage.py), and where pages are written
that open without a server (lms/packs/reader).
"""

import posixpath
import re
from collections.abc import Callable
from typing import Final

#: What our style sheets and modules may say (eslint refuses other forms of import and export).
SHEET_IMPORT: Final = re.compile(r'^@import "([^"]+)"(?: ([^;]+))?;\n', re.MULTILINE)
MODULE_IMPORT: Final = re.compile(
    r"""^import (?:\{([^}]*)\} from )?["'](\.\.?/[^"']+)["'];\n""", re.MULTILINE
)
MODULE_EXPORT: Final = re.compile(
    r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE
)
LEFT_OVER: Final = re.compile(r"^\s*(?:import|export|@import)\b.*", re.MULTILINE)
RELATIVE_ADDRESS: Final = re.compile(r"""url\(\s*["']?(?!data:|/)[^)]*\)""")

#: Gives the text of a static file by its name; raises KeyError for one that is not there.
Read = Callable[[str], str]


class CannotJoin(ValueError):
    """A file is written in a way that we do not join, or imports what imports it."""


def join_sheets(name: str, read: Read) -> str:
    """A sheet with the sheets that it imports in their place."""

    def put_in(match: re.Match[str]) -> str:
        part = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1]))
        text = read(part)
        if RELATIVE_ADDRESS.search(text):
            raise CannotJoin(f"{part} has a relative url(), which would lead elsewhere from {name}")
        refuse_left_over(part, text)
        return f"@media {match[2]} {{\n{text}}}\n" if match[2] else text

    return SHEET_IMPORT.sub(put_in, read(name))


def join_modules(name: str, read: Read) -> str:
    """One script that does what the module and all that it imports do, in the order in which a
    browser runs them. Each keeps its names to itself, in a function of its own."""
    places: dict[str, int] = {}
    written: list[str] = []

    def add(module: str, above: tuple[str, ...]) -> str:
        """Joins a module unless it is there already; returns the name of what it exports."""
        if module in above:
            raise CannotJoin(f"{module} imports itself by way of {above[-1]}")
        if module not in places:
            text = read(module)

            def take(match: re.Match[str]) -> str:
                other = posixpath.normpath(posixpath.join(posixpath.dirname(module), match[2]))
                exported = add(other, (*above, module))
                if match[1] is None:
                    return ""
                return f"const {{{match[1].replace(' as ', ': ')}}} = {exported};\n"

            body = MODULE_IMPORT.sub(take, text)
            names = MODULE_EXPORT.findall(body)
            body = MODULE_EXPORT.sub("", body)
            refuse_left_over(module, body)
            places[module] = len(places)
            written.append(
                f"const module{places[module]} = (() => {{ // {module}\n"
                f"{body}\nreturn {{ {', '.join(names)} }};\n}})();\n"
            )
        return f"module{places[module]}"

    add(name, ())
    return "".join(written)


def refuse_left_over(name: str, text: str) -> None:
    if found := LEFT_OVER.search(text):
        raise CannotJoin(f"{name}: {found[0].strip()!r} is not in a form that we join")
