"""Counts of what happens in lessons, for those who mend them (docs/features/learning.md).

Who it was is not kept: the screen's key only keeps one press from counting again when a page is
loaded anew, in the cache and for ten minutes.
"""

import logging
from datetime import date
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from courses.choices import Tallied
from courses.progress.models import LONGEST_WORDS, LessonTally
from courses.progress.screen import key_on_screen
from lms.limits import allows

logger = logging.getLogger(__name__)

MONTHS_KEPT = 13


def count(
    request: HttpRequest,
    kind: Tallied,
    *,
    lesson: int,
    place: str = "",
    chosen: str = "",
    turn: int = 0,
) -> None:
    """One more, by somebody who learns here. lesson: the key of its page; turn: apart from an
    equal press before it, on the same screen of a practice.

    Not counted: a browser that keeps no cookies (search engines), the same once more within ten
    minutes, and more than a class behind one address does. A count that fails stops nobody.
    """
    who = screen_of(request)
    if who is None:
        return
    key = "|".join((who, str(lesson), kind, place, chosen, str(turn)))
    if not allows(request, "lesson_tally", key=key):
        return
    try:
        add(kind, lesson=lesson, place=place, chosen=chosen)
    except DatabaseError:
        logger.warning("Not counted: %s in lesson %s", kind, lesson, exc_info=True)


def screen_of(request: HttpRequest) -> str | None:
    """None for a browser that has not brought back the cookie of its first lesson."""
    if request.user.is_authenticated:
        return f"user {request.user.pk}"
    key = key_on_screen(request)
    return None if key is None else str(key)


@transaction.atomic
def add(kind: Tallied, *, lesson: int, place: str = "", chosen: str = "") -> None:
    today = timezone.localdate()
    what: dict[str, Any] = {
        "lesson_id": lesson,
        "day": today if kind == Tallied.OPENED else today.replace(day=1),
        "kind": kind,
        "place": place[:LONGEST_WORDS],
        "chosen": chosen[:LONGEST_WORDS],
    }
    one_more = {"times": F("times") + 1}
    if not LessonTally.objects.filter(**what).update(**one_more):
        LessonTally.objects.get_or_create(**what)
        LessonTally.objects.filter(**what).update(**one_more)


def months_ago(months: int) -> date:
    """The first day of the month that lies so many months back; 0: of this one."""
    today = timezone.localdate()
    years, month = divmod(today.month - 1 - months, 12)
    return date(today.year + years, month + 1, 1)


def forget_old_tallies() -> None:
    LessonTally.objects.filter(day__lt=months_ago(MONTHS_KEPT)).delete()
