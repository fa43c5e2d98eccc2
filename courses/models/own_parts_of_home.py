"""What of the kept home page is each learner's own: where they stopped, and how far they are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from courses.models.lesson import LessonPage
from courses.models.on_tiles import show_on_tiles
from courses.models.own_parts_of_lists import KeptTile, far
from courses.own_parts import CutPage, Here, marked
from courses.progress.models import FinishedClassroom, LessonMark
from courses.progress.summary import ProgressSummary

#: As long as a page is kept.
SECONDS = 600


@dataclass(frozen=True)
class KeptRoom:
    """A classroom, as its tile shows it."""

    pk: int
    title: str
    subject: str
    introduction: str
    url: str
    #: Keys of the lessons that everybody may see, in their order.
    lessons: tuple[int, ...]


@dataclass(frozen=True)
class GoOn:
    """The tile of a lesson with which somebody goes on, made once for all of them."""

    content: CutPage
    tile: KeptTile
    after: int


@dataclass(frozen=True)
class OwnPartsOfHome:
    rooms: Sequence[KeptRoom]

    def of(self, here: Here) -> Mapping[str, str] | None:
        """None for who has nothing to go on with: home begins with the day's for them, without what
        they have learnt."""
        marks: dict[int, LessonMark] = {}
        if here.record:
            marks = {mark.lesson_id: mark for mark in here.record.lessons.all()}
        learnt = {key for key, mark in marks.items() if mark.done_at}
        last = (here.record and here.record.last_lesson_id) or here.last_lesson
        go_on = self.to_go_on_with(last, learnt)
        if go_on is None:
            return None
        kept = kept_go_on(go_on, after=here.after)
        own = {} if here.record is None else {"far": far(marks.get(go_on), kept.tile)}
        tile = kept.content.filled({f"far{go_on}": each for each in own.values()}).decode()
        first = {
            "go_on": mark_safe(tile),  # noqa: S308  # rendered from our template
            "record": here.record,
            "done": sum(len(learnt.intersection(room.lessons)) for room in self.rooms),
        }
        return {
            "hint": "",
            "first": render_to_string("courses/parts/first_own.html", first),
            **(dict(self.own_rooms(here, learnt)) if here.record else {}),
        }

    def to_go_on_with(self, last: int | None, learnt: Collection[int]) -> int | None:
        """As courses.models.today has it."""
        room = next((room for room in self.rooms if last in room.lessons), None)
        if room is None or last is None or last not in learnt:
            return None if room is None else last
        place = room.lessons.index(last)
        others = room.lessons[place + 1 :] + room.lessons[:place]
        return next((key for key in others if key not in learnt), None)

    def own_rooms(self, here: Here, learnt: set[int]) -> Iterator[tuple[str, str]]:
        found = FinishedClassroom.objects.filter(record=here.record)
        finished = dict(found.values_list("classroom", "finished_at"))
        for number, room in enumerate(self.rooms, 1):
            done = len(learnt.intersection(room.lessons))
            summary = ProgressSummary(done, len(room.lessons), finished.get(room.pk))
            if summary.is_begun or summary.finished_at:
                yield f"room{room.pk}", room_tile(room, number, summary, get_language())


@lru_cache(maxsize=2000)
def room_tile(
    room: KeptRoom, number: int, summary: ProgressSummary, language: str | None
) -> SafeString:
    """Made of nothing else than these."""
    context = {"classroom": room, "url": room.url, "number": number, "summary": summary}
    return render_to_string("courses/parts/room.html", context)


def kept_go_on(key: int, *, after: int) -> GoOn:
    name = f"go-on-{key}-{get_language()}"
    kept: GoOn | None = caches["pages"].get(name)
    if kept is None or kept.after != after:
        lesson = LessonPage.objects.get(pk=key)
        show_on_tiles(None, [lesson])
        with marked() as mark:
            html = render_to_string("courses/parts/go_on.html", {"go_on": lesson})
        kept = GoOn(CutPage.cut(html.encode(), mark), KeptTile.of(lesson), after)
        caches["pages"].set(name, kept, SECONDS)
    return kept


def own_parts_of_home(classrooms: Sequence[Any], request: HttpRequest) -> OwnPartsOfHome:
    lessons = list(LessonPage.objects.live().public().order_by("path").values_list("pk", "path"))
    return OwnPartsOfHome(
        [
            KeptRoom(
                pk=room.pk,
                title=room.title,
                subject=room.subject,
                introduction=room.introduction,
                url=room.get_url(request),
                lessons=tuple(pk for pk, path in lessons if path.startswith(room.path)),
            )
            for room in classrooms
        ]
    )
