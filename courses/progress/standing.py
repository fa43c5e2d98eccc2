"""How far a learner has come, for the pages that show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courses.models.progress import DrillRound, FinishedClassroom, LessonMark, Notebook


@dataclass(frozen=True)
class Standing:
    """How many lessons of a classroom are done, of those that are in it today."""

    done: int
    all: int
    #: When all of its lessons were done, be it that others came since; None: they never were.
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


def standings(notebook: Notebook | None, classrooms: Sequence[Any]) -> list[Standing]:
    """Of each of these classrooms, in their order. Three queries; one without a notebook."""
    from courses.models import LessonPage

    live = list(LessonPage.objects.live().public().values_list("pk", "path"))
    done: set[int] = set()
    finished: dict[int, datetime] = {}
    if notebook is not None:
        marks = LessonMark.objects.filter(notebook=notebook, done_at__isnull=False)
        done = set(marks.values_list("lesson", flat=True))
        rooms = FinishedClassroom.objects.filter(notebook=notebook)
        finished = dict(rooms.values_list("classroom", "finished_at"))
    found = []
    for classroom in classrooms:
        lessons = [pk for pk, path in live if path.startswith(classroom.path)]
        found.append(
            Standing(len(done.intersection(lessons)), len(lessons), finished.get(classroom.pk))
        )
    return found


def show_marks(notebook: Notebook | None, lessons: Iterable[Any]) -> None:
    """Put what was done of each of these lessons on it, as `mark`."""
    if notebook is None:
        return
    shown = list(lessons)
    marks = LessonMark.objects.filter(notebook=notebook, lesson__in=[each.pk for each in shown])
    by_lesson = {mark.lesson_id: mark for mark in marks}
    for lesson in shown:
        lesson.mark = by_lesson.get(lesson.pk)


def last_round(notebook: Notebook | None, drill: Any) -> DrillRound | None:
    """None before the first."""
    if notebook is None:
        return None
    return DrillRound.objects.filter(notebook=notebook, drill=drill.pk).first()
