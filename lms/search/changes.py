"""Which entries must be read again: whatever changes marks its row, in the same transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, post_page_move

from courses.models import LessonPage, PracticePage
from lms.manuals.models import Manual, Product
from lms.search.entries import mark_changed, mark_stale, read_stale
from lms.search.models import EntryKind, WordGroup
from lms.search.starter import lead_to
from lms.search.texts import FOUND_PAGES
from subtitles.models import Track

_reads_later: ContextVar[bool] = ContextVar("reads_later", default=False)


@contextmanager
def reading_later() -> Iterator[None]:
    """Within it what changes is only marked, and read by whoever calls `read_stale` next, at the
    latest a minute later by the clock: where many pages come at once."""
    reset = _reads_later.set(True)
    try:
        yield
    finally:
        _reads_later.reset(reset)


def listen() -> None:
    page_published.connect(page_changed)
    post_delete.connect(page_gone, sender=Page)
    for announced in (page_slug_changed, post_page_move):
        announced.connect(pages_moved)
    post_save.connect(film_changed, sender=Track)
    post_delete.connect(film_changed, sender=Track)
    for manual_signal in (post_save, post_delete):
        manual_signal.connect(manual_changed, sender=Manual)
        manual_signal.connect(words_changed, sender=WordGroup)
    post_save.connect(product_changed, sender=Product)


def page_changed(instance: Page, **announced: Any) -> None:
    if isinstance(instance, PracticePage):
        instance = instance.get_parent().specific
    if isinstance(instance, LessonPage):
        lead_to(instance)
    if isinstance(instance, FOUND_PAGES):
        _again(EntryKind.PAGE, [instance.pk])


def page_gone(instance: Page, **announced: Any) -> None:
    _again(EntryKind.PAGE, [instance.pk])


def pages_moved(instance: Page, **announced: Any) -> None:
    """Its address and those of all pages below it are others."""
    pages = Page.objects.descendant_of(instance, inclusive=True).type(FOUND_PAGES)
    _again(EntryKind.PAGE, list(pages.values_list("pk", flat=True)))


def film_changed(instance: Track, **announced: Any) -> None:
    lessons = LessonPage.objects.filter(video=instance.video_id)
    if keys := list(lessons.values_list("pk", flat=True)):
        _again(EntryKind.PAGE, keys)


def manual_changed(instance: Manual, **announced: Any) -> None:
    _again(EntryKind.MANUAL, [instance.pk])


def product_changed(instance: Product, **announced: Any) -> None:
    shown = Manual.objects.filter(Q(product=instance), published_version__isnull=False)
    if keys := list(shown.values_list("pk", flat=True)):
        _again(EntryKind.MANUAL, keys)


def words_changed(**announced: Any) -> None:
    mark_changed()


def _again(kind: EntryKind, keys: list[int]) -> None:
    mark_stale(kind=kind, keys=keys)
    if not _reads_later.get():
        transaction.on_commit(read_stale, robust=True)
