"""Entries of the search: marked when something changed, read from pages and manuals, kept."""

import logging
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from wagtail.models import Page

from lms.manuals.models import Manual
from lms.search.cutting import beginnings_in, phrases_in, words_in
from lms.search.models import EntryKind, SearchEntry, SearchMark, new_token
from lms.search.texts import FOUND_PAGES, Sayings, sayings_of_manual, sayings_of_page

log = logging.getLogger(__name__)

#: Read in one transaction: while it lasts, SQLite lets nobody else write.
READ_AT_ONCE = 20


def mark_stale(*, kind: str, keys: Iterable[int]) -> None:
    """These have changed, come or gone. The mark is left to whoever reads them: two transactions
    that each hold it and a page of the other would wait for ever."""
    SearchEntry.objects.bulk_create(
        [SearchEntry(kind=kind, key=key) for key in keys],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["stale"],
    )


@transaction.atomic
def mark_changed() -> None:
    """Every process looks at the entries before its next answer."""
    SearchMark.objects.update_or_create(pk=1, defaults={"token": new_token()})


def mark_all_stale() -> int:
    """Every page and manual that can be found. Returns how many."""
    pages = list(Page.objects.type(FOUND_PAGES).values_list("pk", flat=True))
    manuals = list(Manual.objects.once_live().values_list("pk", flat=True))
    mark_stale(kind=EntryKind.PAGE, keys=pages)
    mark_stale(kind=EntryKind.MANUAL, keys=manuals)
    return len(pages) + len(manuals)


def read_stale() -> int:
    """Read again what has changed. Returns how much that was."""
    done = 0
    while read := read_some():
        done += read
    return done


def read_some() -> int:
    """A batch of it."""
    if not SearchEntry.objects.filter(stale=True).exists():
        return 0  # without SQLite's lock for writing
    with transaction.atomic():
        waiting = SearchEntry.objects.filter(stale=True).select_for_update(skip_locked=True)
        entries = list(waiting.order_by("pk")[:READ_AT_ONCE])
        for entry in entries:
            _read(entry)
        if entries:
            mark_changed()
    return len(entries)


def _read(entry: SearchEntry) -> None:
    """What cannot be read stays as it was known; the search must not fail by it."""
    try:
        with transaction.atomic():
            things = [prepared(each) for each in sayings_of(entry)]
    except Exception:
        log.exception("the search cannot read %s", entry)
        things = entry.things
    if not things:
        entry.delete()
        return
    entry.things = things
    entry.token, entry.stale = new_token(), False
    entry.save()


def sayings_of(entry: SearchEntry) -> list[Sayings]:
    """Nothing when it is gone."""
    if entry.kind == EntryKind.MANUAL:
        manual = Manual.objects.select_related("product").filter(pk=entry.key).first()
        return sayings_of_manual(manual) if manual else []
    page = Page.objects.type(FOUND_PAGES).filter(pk=entry.key).first()
    return [sayings_of_page(page.specific)] if page else []


def prepared(sayings: Sayings) -> dict[str, Any]:
    """As the row keeps it: what it says, and its words by where they stand, each in the best place
    only."""
    in_title = words_in(sayings.title)
    in_steps = [*words_in(sayings.steps), *phrases_in(sayings.title), *phrases_in(sayings.steps)]
    return {
        **asdict(sayings),
        "beginnings": beginnings_in(sayings.title),
        "title_words": in_title,
        "step_words": _others(in_steps, in_title),
        "text_words": _others(words_in(sayings.text), [*in_title, *in_steps]),
    }


def _others(words: Iterable[str], known: Iterable[str]) -> list[str]:
    left_out = set(known)
    return [word for word in dict.fromkeys(words) if word not in left_out]
