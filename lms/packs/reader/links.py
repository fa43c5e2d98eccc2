"""Where the pages of a pack lead: every address of the site becomes a file beside them.

Pages are rendered from the site's own templates, whose links are the site's. What leads to nothing
in the pack stops the making, so that no page shows a door that does not open.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.files.storage import default_storage

from lms.packs.reader.folder import DOOR, PAGES, ReaderFolder

ADDRESS: Final = re.compile(r'\s(href|src|srcset|poster|action)="([^"]*)"')
#: A static file's digest, put into its name while files are collected for serving.
DIGEST: Final = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
ICONS: Final = "icons.svg"
ICON: Final = "icon-"
SYMBOL: Final = re.compile(r'<symbol id="([^"]+)"(.*?)</symbol>', re.DOTALL)
#: Icons that scripts put into a button (js/icon.js).
CHANGING: Final = {
    "play", "pause", "arrow-counter-clockwise", "corners-in", "corners-out", "speaker-high",
}  # fmt: skip

#: Before the quoted path of a file in the pack, of a file in the site's media; before the moments,
#: in milliseconds, at which the sentences of a sound begin.
IN_PACK: Final = "pack:"
IN_MEDIA: Final = "media:"
MOMENTS: Final = "moments:"


class LeadsOutside(ValueError):
    """A page would lead to what is not in the pack."""


@dataclass
class Links:
    folder: ReaderFolder
    #: The path in the pack of each page, by its address on the site.
    pages: Mapping[str, str]
    #: Names of the icons on the page that was put last.
    icons: set[str] = field(default_factory=set)

    def put(self, html: str, *, at: str, here: str) -> str:
        """The same with links that hold where the page lies, ``at``. ``here``: its address on the
        site, to which a link such as ?p=2 belongs. Raises LeadsOutside."""

        def changed(match: re.Match[str]) -> str:
            name, address = match[1], unescape(match[2])
            if address.startswith(MOMENTS):
                return f' data-moments="{escape(address.removeprefix(MOMENTS))}"'
            return f' {name}="{escape(self.link(address, at=at, here=here))}"'

        return ADDRESS.sub(changed, html)

    def link(self, address: str, *, at: str, here: str) -> str:
        if address.startswith(("#", "tel:", "data:")):
            return address
        parts = urlsplit(address)
        if parts.scheme and not address.startswith((IN_PACK, IN_MEDIA)):
            raise LeadsOutside(f"{here}: {address}")
        if address.startswith(settings.STATIC_URL) and DIGEST.sub("", parts.path).endswith(ICONS):
            self.icons.add(parts.fragment)
            return f"#{ICON}{parts.fragment}"
        plain = address.partition("#")[0]
        path = self._page(plain, here) or self._file(plain)
        if path is None and plain.startswith("?"):
            return address  # a state of this very page, which its script shows
        if path is None:
            raise LeadsOutside(f"{here}: {address}")
        return relative(path, at=at) + (f"#{parts.fragment}" if parts.fragment else "")

    def _page(self, address: str, here: str) -> str | None:
        whole = here.partition("?")[0] + address if address.startswith("?") else address
        return self.pages.get(whole) or self.pages.get(whole.removesuffix("?p=1"))

    def _file(self, address: str) -> str | None:
        """Copies what a page shows into the pack."""
        if address.startswith(IN_PACK):
            return unquote(address.removeprefix(IN_PACK))
        if address.startswith(settings.STATIC_URL):
            name = DIGEST.sub("", unquote(address.removeprefix(settings.STATIC_URL)))
            found = find(name)
            if found is None:
                raise LeadsOutside(address)
            return self.folder.keep(Path(found).read_bytes(), like=name)
        for prefix in (IN_MEDIA, settings.MEDIA_URL):
            if address.startswith(prefix):
                name = unquote(address.removeprefix(prefix))
                with default_storage.open(name) as file:
                    return self.folder.keep(file.read(), like=name)
        return None

    def sheet_of_icons(self) -> str:
        """The drawings of the icons that were named since the last time; a page from a stick may
        not fetch them from a file of their own."""
        wanted = sorted(self.icons | CHANGING)
        self.icons.clear()
        return "".join(f'<symbol id="{ICON}{name}"{icons()[name]}</symbol>' for name in wanted)


def relative(path: str, *, at: str) -> str:
    """From one file of the pack to another, both by their paths in it."""
    if at == DOOR:
        return quote(path)
    return quote(path.removeprefix(f"{PAGES}/") if path.startswith(f"{PAGES}/") else f"../{path}")


def icons() -> dict[str, str]:
    """What stands in each icon's symbol, behind its name."""
    found = find(f"vendor/phosphor-icons-2.1.1/{ICONS}")
    assert found is not None
    return dict(SYMBOL.findall(Path(found).read_text()))
