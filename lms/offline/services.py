"""Verbs that write down what phones hand over. Handing over twice is harmless."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.choices import Tallied
from courses.models import LessonPage
from courses.progress.marking import (
    held,
    mark_practised,
    mark_quiz_tried,
    mark_read,
    mark_seen,
)
from courses.progress.models import WHOLE_FILM, LearnerRecord
from courses.progress.tallies import add
from lms.offline.choices import NotedKind, NotedOutcome
from lms.offline.models import NotedOffline

#: So long a phone may have been without a network; what is older was noted by a wrong clock.
OLDEST: Final = timedelta(days=400)
#: For so long what was sent is known again.
KNOWN_DAYS: Final = 400


@dataclass(frozen=True)
class Noted:
    id: UUID
    lesson: int
    kind: NotedKind
    #: By the phone's clock.
    at: datetime
    #: Of the film, a bit each.
    parts: int = 0
    #: That was not understood, from 1; 0: the whole lesson.
    step: int = 0


def take_noted(
    record: LearnerRecord, noted: Iterable[Noted], *, sent_at: datetime
) -> dict[UUID, NotedOutcome]:
    """Write each into the record, in a transaction of its own. sent_at: what the phone's clock said
    when it sent them, by which a wrong one is put right."""
    now = timezone.now()
    ahead = sent_at - now
    return {each.id: _take(record, each, at=right_time(each.at - ahead, now)) for each in noted}


def right_time(told: datetime, now: datetime) -> datetime:
    """Neither to come nor longer ago than a phone can have been away."""
    return min(max(told, now - OLDEST), now)


@transaction.atomic
def _take(record: LearnerRecord, noted: Noted, *, at: datetime) -> NotedOutcome:
    lesson = LessonPage.objects.live().public().filter(pk=noted.lesson).first()
    if lesson is None:
        return NotedOutcome.GONE
    what = {"record": held(record), "lesson": lesson, "kind": noted.kind, "noted_at": at}
    _row, is_new = NotedOffline.objects.get_or_create(id=noted.id, defaults=what)
    if not is_new:
        return NotedOutcome.KNOWN
    _write(record, lesson, noted, at=at)
    return NotedOutcome.STORED


def _write(record: LearnerRecord, lesson: LessonPage, noted: Noted, *, at: datetime) -> None:
    verbs: dict[NotedKind, Callable[[], Any]] = {
        NotedKind.SEEN: partial(
            mark_seen, record, lesson=lesson, parts=noted.parts & WHOLE_FILM, at=at
        ),
        NotedKind.READ: partial(mark_read, record, lesson=lesson, at=at),
        NotedKind.QUIZ: partial(mark_quiz_tried, record, lesson=lesson, at=at),
        NotedKind.PRACTISED: partial(mark_practised, record, lesson=lesson, at=at),
        NotedKind.UNCLEAR: partial(
            add, Tallied.UNCLEAR, lesson=lesson.pk, place=words_of_step(lesson, noted.step)
        ),
    }
    verbs[noted.kind]()


def words_of_step(lesson: LessonPage, number: int) -> str:
    """Blank for the whole lesson, and for a step that is no longer there."""
    steps = [str(block.value["words"]) for block in lesson.steps]
    return steps[number - 1] if 0 < number <= len(steps) else ""


def forget_old() -> int:
    """Let go of what was handed over so long ago that no phone sends it again; says how many."""
    old = NotedOffline.objects.filter(received_at__lt=timezone.now() - timedelta(days=KNOWN_DAYS))
    return old.delete()[0]
