"""How far a learner has come, for the pages that show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page, PageQuerySet

from courses.progress.models import DrillRound, FinishedClassroom, LearnerRecord, LessonMark


@dataclass(frozen=True)
class ProgressSummary:
    """How many lessons of a classroom are done, of those that are in it today."""

    done: int
    all: int
    #: When all lessons that it then had were done; None: they never were.
    finished_at: datetime | None = None

    @property
    def is_begun(self) -> bool:
        return self.done > 0

    @property
    def eighths(self) -> int:
        """For the bar: 0 only where nothing is done, 8 only where everything is."""
        if not self.all or not self.done:
            return 0
        return 8 if self.done >= self.all else max(1, self.done * 8 // self.all)


@dataclass(frozen=True)
class HowFar:
    """How far a learner is in one lesson, for its tile."""

    words: str
    icon: str
    is_done: bool = False


def how_far(mark: LessonMark | None, *, film_ms: int | None) -> HowFar:
    """mark None: nothing was done of it; film_ms None: it has no film to be watched."""
    if mark is None:
        return HowFar(_("没学过"), "play")
    if mark.done_at:
        return HowFar(_("学完了"), "check-circle", is_done=True)
    if mark.is_gone_through:
        return HowFar(_("看完了，还差一题"), "bookmark-simple")
    if film_ms and mark.seen_parts:
        until = clock(film_ms * mark.share_seen)
        return HowFar(_("看到%(time)s") % {"time": until}, "bookmark-simple")
    return HowFar(_("学了一半"), "bookmark-simple")


def clock(milliseconds: float) -> str:
    """As the player says it."""
    minutes, seconds = divmod(int(milliseconds / 1000), 60)
    return _("%(m)d分%(s)d秒") % {"m": minutes, "s": seconds}


def summarise_progress(
    record: LearnerRecord | None, classrooms: Sequence[Page], *, lessons: PageQuerySet
) -> list[ProgressSummary]:
    """Of each of these classrooms, in their order. Three queries; one without a record.

    lessons: all that everybody may see, of any classroom.
    """
    live = list(lessons.values_list("pk", "path"))
    done: set[int] = set()
    finished: dict[int, datetime] = {}
    if record is not None:
        done = learnt_by(record)
        rooms = FinishedClassroom.objects.filter(record=record)
        finished = dict(rooms.values_list("classroom", "finished_at"))
    found = []
    for classroom in classrooms:
        inside = [pk for pk, path in live if path.startswith(classroom.path)]
        found.append(
            ProgressSummary(len(done.intersection(inside)), len(inside), finished.get(classroom.pk))
        )
    return found


def learnt_by(record: LearnerRecord | None) -> set[int]:
    """Keys of the lessons that are done."""
    marks = LessonMark.objects.filter(record=record, done_at__isnull=False)
    return set(marks.values_list("lesson", flat=True)) if record else set()


def show_marks(record: LearnerRecord | None, lessons: Iterable[Any]) -> None:
    """Put what was done of each of these lessons on it, as `mark`."""
    if record is None:
        return
    shown = list(lessons)
    marks = LessonMark.objects.filter(record=record, lesson__in=[each.pk for each in shown])
    by_lesson = {mark.lesson_id: mark for mark in marks}
    for lesson in shown:
        lesson.mark = by_lesson.get(lesson.pk)


def last_round(record: LearnerRecord | None, drill: Page) -> DrillRound | None:
    """None before the first."""
    if record is None:
        return None
    return DrillRound.objects.filter(record=record, drill=drill.pk).first()
