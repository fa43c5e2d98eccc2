from collections.abc import Iterable
from typing import Any

from media.covers.services import of_page
from media.models import Cover


def covers_named(names: Iterable[str]) -> dict[str, Cover]:
    """Those that have been drawn, by their names. One query."""
    found = Cover.objects.filter(name__in=list(names)).exclude(drawn_digest="")
    return {cover.name: cover for cover in found}


def show_covers(pages: Iterable[Any]) -> None:
    """Put on each of these pages its cover, as `cover`; None while there is none. One query."""
    all_of_them = list(pages)
    found = covers_named(of_page(page) for page in all_of_them)
    for page in all_of_them:
        page.cover = found.get(of_page(page))
