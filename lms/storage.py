"""How static files are collected for serving: joined, named by their content, compressed.

The files of lms/static run as they are; with DEBUG they are served so. `collectstatic` puts the
parts of each of `JOINED` into it, because a television asks for eight files sooner than for fifty.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

JOINED: Final = (
    "css/learner.css", "css/staff.css", "css/reports.css", "css/workbench.css", "js/learner.js",
)  # fmt: skip

#: What our style sheets and modules may say (eslint refuses other forms of import and export).
SHEET_IMPORT = re.compile(r'^@import "([^"]+)"(?: ([^;]+))?;\n', re.MULTILINE)
MODULE_IMPORT = re.compile(
    r"""^import (?:\{([^}]*)\} from )?["'](\.\.?/[^"']+)["'];\n""", re.MULTILINE
)
MODULE_EXPORT = re.compile(
    r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE
)
LEFT_OVER = re.compile(r"^\s*(?:import|export|@import)\b.*", re.MULTILINE)
RELATIVE_ADDRESS = re.compile(r"""url\(\s*["']?(?!data:|/)[^)]*\)""")

#: Gives the text of a static file by its name; raises KeyError for one that is not there.
Read = Callable[[str], str]


class CannotJoin(ValueError):
    """A file is written in a way that we do not join, or imports what imports it."""


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True  # hashed names in what modules import, too

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        if not dry_run:
            for name in JOINED:
                self.save_joined(name, paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def save_joined(self, name: str, paths: dict[str, Any]) -> None:
        def read(part: str) -> str:
            storage, path = paths[part]
            with storage.open(path) as file:
                return str(file.read().decode())

        join = join_sheets if name.endswith(".css") else join_modules
        joined = join(name, read)
        self.delete(name)
        self._save(name, ContentFile(joined.encode()))
        paths[name] = (self, name)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Only those that pages name, which is by their content: one that was compressed before is
        the same still. That is most of a second collectstatic's time."""
        hashed = set(self.hashed_files.values())
        fresh = [p for p in paths if p in hashed and not self.exists(f"{p}.gz")]
        yield from super().compress_files(fresh)


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
