"""What of a kept classroom or series is each learner's own: how far they are in its lessons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from courses.models.five_questions import answers_of, five_of
from courses.models.watching import WatchThrough
from courses.own_parts import Here
from courses.progress.models import LessonMark
from courses.progress.summary import ProgressSummary, how_far


@dataclass(frozen=True)
class KeptTile:
    lesson: int
    #: Of a lesson's film; None: it has none that can be watched.
    film_ms: int | None
    minutes: int | None

    @classmethod
    def of(cls, lesson: Any) -> "KeptTile":
        """lesson: as show_on_tiles leaves it."""
        offers = lesson.offers
        return cls(lesson.pk, offers.length_ms if offers.watch else None, offers.minutes)


@dataclass(frozen=True)
class KeptLesson:
    pk: int
    has_quiz: bool


@dataclass(frozen=True)
class OwnPartsOfList:
    #: Key of the page.
    pk: int
    tiles: Sequence[KeptTile]
    #: All lessons that everybody may see.
    lessons: Sequence[KeptLesson]
    #: Those whose films are watched one after another, and the address of each in that row.
    row: Mapping[int, str]
    #: Whether it says how many lessons are learnt, and asks five questions.
    tells_sum: bool
    asks_five: bool

    def of(self, here: Here) -> Mapping[str, str]:
        record = here.record
        if record is None:
            return {}
        marks = {mark.lesson_id: mark for mark in LessonMark.objects.filter(record=record)}
        learnt = {key for key, mark in marks.items() if mark.done_at}
        own = {f"far{tile.lesson}": far(marks.get(tile.lesson), tile) for tile in self.tiles}
        if self.row:
            first = next((key for key in self.row if key not in learnt), next(iter(self.row)))
            own["watch"] = self.row[first]
        keys = {lesson.pk for lesson in self.lessons}
        if self.tells_sum and (done := len(learnt & keys)):
            summary = ProgressSummary(done, len(keys))
            own["line"] = render_to_string("courses/parts/learnt_of_all.html", {"summary": summary})
        if self.asks_five:
            answers = answers_of(record).get(self.pk)
            five = five_of(self, answers=answers, learnt=learnt)
            context = {"page": self, "five": five}
            own["five"] = render_to_string("courses/parts/five_door.html", context)
        return own

    def lessons_in_order(self) -> Sequence[KeptLesson]:
        return self.lessons


def far(mark: LessonMark | None, tile: KeptTile) -> str:
    told = {"how_far": how_far(mark, film_ms=tile.film_ms), "minutes": tile.minutes}
    return render_to_string("courses/parts/far.html", told)


def own_parts_of_list(
    page: Any, request: HttpRequest, context: dict[str, Any], *, tells_sum: bool
) -> OwnPartsOfList:
    watching: WatchThrough | None = context["watching"]
    row = {}
    if watching is not None:
        query = watching.query
        row = {each.pk: f"{each.get_url(request)}{query}" for each in watching.lessons}
    return OwnPartsOfList(
        pk=page.pk,
        tiles=[KeptTile.of(each) for each in context["lessons"]],
        lessons=[KeptLesson(each.pk, each.has_quiz) for each in page.lessons_in_order()],
        row=row,
        tells_sum=tells_sum,
        asks_five="five" in context,
    )
