"""One page after another, from the site's templates to files of the pack."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.template.loader import render_to_string

from lms.accounts.display import Display
from lms.packs.reader.folder import ReaderFolder
from lms.packs.reader.links import Links

#: What templates of the site leave out, or have otherwise, where it is set.
PACKED: Final = {"learnt": "packs/reader/learnt.html"}
COMMON: Final = {"packed": PACKED, "display": Display()}


@dataclass(frozen=True)
class PageWriter:
    """Writes the pages of one pack."""

    folder: ReaderFolder
    links: Links

    def part(self, template: str, context: Mapping[str, Any], *, at: str, here: str) -> str:
        """A part of the page that lies ``at`` and is ``here`` on the site."""
        html = render_to_string(template, {**COMMON, **context})
        return self.links.put(html.strip(), at=at, here=here)

    def page(
        self,
        template: str,
        context: Mapping[str, Any],
        *,
        at: str,
        here: str,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Write a page whose template on the site is ``template``. ``data``: what its script reads,
        by the name of the attribute that it has; made of parts before the page is written."""
        known = {**COMMON, "site_template": template, **context}
        html = self.links.put(render_to_string("packs/reader/page.html", known), at=at, here=here)
        kept = "".join(
            f'<script type="application/json" data-{name}>{in_page(value)}</script>\n'
            for name, value in (data or {}).items()
        )
        icons = (
            f'<svg class="icons-of-page" aria-hidden="true">{self.links.sheet_of_icons()}</svg>\n'
        )
        body, end, rest = html.rpartition("</body>")
        whole = body + icons + kept + end + rest
        lines = (line.rstrip() for line in whole.splitlines())
        self.folder.write(at, "\n".join(line for line in lines if line).encode() + b"\n")


def in_page(value: Any) -> str:
    """As JSON that ends no element around it."""
    words = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return words.replace("</", "<\\/").replace("<!--", "<\\u0021--")
