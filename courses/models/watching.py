"""连着看: the films of a classroom or a series, one after another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from courses.models.lesson_films import films_of

#: In a lesson's address: the key of the page whose films are watched one after another.
LIST = "list"


@dataclass(frozen=True)
class WatchThrough:
    """A row of films, and where in it somebody is."""

    #: The classroom or the series.
    page: Any
    #: Those with a film that can be watched, in their order.
    lessons: Sequence[Any]
    #: Of the lesson that is shown, from 0.
    place: int

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def lesson(self) -> Any:
        return self.lessons[self.place]

    @property
    def next_lesson(self) -> Any | None:
        """None at the end."""
        return self.lessons[self.number] if self.number < len(self.lessons) else None

    @property
    def query(self) -> str:
        """For the address of any lesson in it."""
        return f"?{LIST}={self.page.pk}"


def with_films(lessons: Sequence[Any]) -> list[Any]:
    """Those of them whose film can be watched now."""
    films = films_of(lessons)
    return [each for each in lessons if each.pk in films]


def way_through(page: Any, *, seen: Collection[int] = ()) -> WatchThrough | None:
    """From the first film that is not `seen` (keys of lessons), else from the very first. None
    where there are not at least two to watch."""
    lessons = with_films(page.lessons_in_order())
    if len(lessons) < 2:
        return None
    unseen = [place for place, each in enumerate(lessons) if each.pk not in seen]
    return WatchThrough(page, lessons, unseen[0] if unseen else 0)


def watched_through(request: HttpRequest, lesson: Any) -> WatchThrough | None:
    """The row that the address names; None without one, and where the lesson is not in it."""
    key = request.GET.get(LIST, "")
    if not (key.isascii() and key.isdigit() and len(key) < 10):
        return None
    found = Page.objects.live().public().filter(pk=int(key)).first()
    page: Any = None if found is None else found.specific
    lessons = with_films(page.lessons_in_order()) if hasattr(page, "lessons_in_order") else []
    place = next((place for place, each in enumerate(lessons) if each.pk == lesson.pk), None)
    return None if place is None else WatchThrough(page, lessons, place)
