"""What a tile says of a lesson: how long it is, what it offers, how far the learner has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from courses.models.lesson_films import films_of
from courses.models.practice import PracticePage
from courses.progress.models import LearnerRecord
from courses.progress.summary import how_far, show_marks
from media.covers.queries import show_covers
from media.models import Narration


@dataclass(frozen=True)
class Offers:
    """看、听、练: what can be done with a lesson at once."""

    #: Of its film, else of what is read aloud; None where it has neither.
    length_ms: int | None
    watch: bool
    listen: bool
    practise: bool

    @property
    def minutes(self) -> int | None:
        """Whole ones, at least one."""
        return None if self.length_ms is None else max(1, round(self.length_ms / 60_000))


def show_on_tiles(record: LearnerRecord | None, lessons: Sequence[Any]) -> None:
    """Put on each of these lessons what its tile says, as `offers`, `how_far` and `cover`. Six
    queries, seven with a record."""
    if not lessons:
        return
    show_marks(record, lessons)
    films = films_of(lessons)
    sounds = dict(
        Narration.objects.filter(page__in=[each.pk for each in lessons])
        .exclude(audio="")
        .values_list("page", "duration_ms")
    )
    show_covers(lessons)
    practised = _with_practice(lessons)
    for lesson in lessons:
        film = films.get(lesson.pk)
        lesson.offers = Offers(
            length_ms=film.duration_ms if film else sounds.get(lesson.pk),
            watch=film is not None,
            listen=lesson.pk in sounds,
            practise=lesson.path in practised,
        )
        lesson.how_far = how_far(lesson.mark, film_ms=film and film.duration_ms) if record else None


def _with_practice(lessons: Sequence[Any]) -> set[str]:
    """Paths of those that have one on the pretend phone."""
    below = reduce(or_, (Q(path__startswith=each.path, depth=each.depth + 1) for each in lessons))
    paths = PracticePage.objects.live().filter(below).values_list("path", flat=True)
    return {path[: -PracticePage.steplen] for path in paths}
