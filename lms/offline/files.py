"""Which files pages ask for, and how long they are."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage

#: Where a tag names a file that the page cannot do without. A film's own tag is `source`: films are
#: kept apart, in one size.
NAMES: Final = {
    "img": "src", "audio": "src", "script": "src", "track": "src", "video": "poster", "use": "href",
}  # fmt: skip
#: In the head: the sheet and the icon.
LINKED: Final = {"stylesheet", "icon"}
#: Of what is neither on this disk nor of a length that can be asked for: subtitles.
SMALL_BYTES: Final = 8_000
#: How sheets and modules name their parts, where they were not joined.
PARTS: Final = {
    ".css": re.compile(r'^@import "([^"]+)"', re.MULTILINE),
    ".js": re.compile(r"""^import (?:\{[^}]*\} from )?["'](\.\.?/[^"']+)["']""", re.MULTILINE),
}


class _Asked(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get(NAMES.get(tag, ""))
        if tag == "link" and given.get("rel") in LINKED:
            address = given.get("href")
        if address:
            self.found.append(address.partition("#")[0])


def files_of(pages: Iterable[str]) -> list[str]:
    """Addresses of this site's files that these pieces of HTML ask for, once each, with what those
    files ask for in turn."""
    found: dict[str, None] = {}
    for html in pages:
        asked = _Asked()
        asked.feed(html)
        for address in asked.found:
            if address.startswith("/") and not address.startswith("//"):
                found.update(dict.fromkeys(with_parts(address)))
    return list(found)


def with_parts(address: str) -> Iterator[str]:
    """The file, and those that a sheet or a module of ours imports, theirs too."""
    waiting, seen = [address], set()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        yield here
        if here.startswith(settings.STATIC_URL):
            waiting += _parts(here) if settings.DEBUG else _parts_once(here)


def _parts(address: str) -> list[str]:
    pattern = PARTS.get(posixpath.splitext(address)[1])
    path = _static_path(address)
    if pattern is None or path is None:
        return []
    folder = posixpath.dirname(address)
    named = pattern.findall(path.read_text(encoding="utf-8"))
    return [posixpath.normpath(posixpath.join(folder, name)) for name in named]


_parts_once = cache(_parts)


def _static_path(address: str) -> Path | None:
    """None for a file that is not there. Collected files are named by their content."""
    name = unquote(address.removeprefix(settings.STATIC_URL))
    collected = Path(settings.STATIC_ROOT or "/nowhere") / name
    if not settings.DEBUG and collected.is_file():
        return collected
    found = finders.find(name)
    return Path(found) if isinstance(found, str) else None


def bytes_of(address: str) -> int:
    """How long the file is; a guess for what is made when it is asked for."""
    path = unquote(urlsplit(address).path)
    if path.startswith(settings.STATIC_URL):
        found = _static_path(path)
        return found.stat().st_size if found else SMALL_BYTES
    if path.startswith(settings.MEDIA_URL):
        try:
            return int(default_storage.size(path.removeprefix(settings.MEDIA_URL)))
        except (OSError, NotImplementedError):
            return SMALL_BYTES
    return SMALL_BYTES
