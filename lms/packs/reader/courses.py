"""The pages of what is taught: the front page, classrooms, lessons, practices and drills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from wagtail.models import Page

from courses.film_index import FilmIndex, index_of
from courses.models import ClassroomPage, DrillPage, HomePage, LessonPage, PracticePage
from courses.models.lesson import LESSONS_A_SCREEN
from courses.models.on_tiles import show_on_tiles
from courses.practice import PracticeMoment, play
from lms.packs.reader.drills import data_of
from lms.packs.reader.films import PackedFilm, film_of, speech_of
from lms.packs.reader.folder import DOOR, PAGES
from lms.packs.reader.links import IN_PACK
from lms.packs.reader.practices import answers_of
from lms.packs.reader.rendering import PageWriter
from media.covers.queries import show_covers


@dataclass(frozen=True)
class PackedRoom:
    """A classroom with those of its lessons that go along, in their order."""

    classroom: ClassroomPage
    lessons: Sequence[LessonPage]
    drills: Sequence[DrillPage]
    #: By their lessons' keys.
    practices: Mapping[int, PracticePage]

    @property
    def screens(self) -> Paginator:
        return Paginator(self.lessons, LESSONS_A_SCREEN)


def rooms_of(lessons: Sequence[LessonPage], films: Mapping[int, str]) -> list[PackedRoom]:
    """In the order of the site, whatever the order of ``lessons``."""
    in_order = sorted(lessons, key=lambda lesson: lesson.path)
    show_on_tiles(None, in_order)
    for lesson in in_order:
        assert lesson.offers is not None
        lesson.offers = replace(lesson.offers, watch=lesson.pk in films)
    return [_room(path, list(own)) for path, own in groupby(in_order, key=_path_above)]


def _path_above(lesson: LessonPage) -> str:
    return str(lesson.path[: -lesson.steplen])


def _room(path: str, lessons: Sequence[LessonPage]) -> PackedRoom:
    classroom = ClassroomPage.objects.get(path=path)
    for lesson in lessons:
        lesson.page_above = classroom
    drills = list(DrillPage.objects.child_of(classroom).live().public())
    show_covers(drills)
    below = PracticePage.objects.descendant_of(classroom).live().order_by("path")
    by_path = {_path_above(practice): practice for practice in below}
    practices = {each.pk: by_path[each.path] for each in lessons if each.path in by_path}
    for lesson in lessons:
        if practice := practices.get(lesson.pk):
            practice.page_above = lesson
    for drill in drills:
        drill.page_above = classroom
    return PackedRoom(classroom, lessons, drills, practices)


def addresses_of(home: HomePage, rooms: Sequence[PackedRoom]) -> dict[str, str]:
    """Where each page lies in the pack, by its address on the site."""
    found = {str(home.url): DOOR}
    for room in rooms:
        address, name = str(room.classroom.url), f"{PAGES}/room-{room.classroom.pk}"
        found[address] = f"{name}.html"
        for number in room.screens.page_range[1:]:
            found[f"{address}?p={number}"] = f"{name}-{number}.html"
        found |= {str(each.url): f"{PAGES}/lesson-{each.pk}.html" for each in room.lessons}
        found |= {str(each.url): f"{PAGES}/drill-{each.pk}.html" for each in room.drills}
        found |= {
            str(each.url): f"{PAGES}/practice-{key}.html" for key, each in room.practices.items()
        }
    return found


def write_home(
    writer: PageWriter, home: HomePage, rooms: Sequence[PackedRoom], *, has_manuals: bool
) -> None:
    context = {
        "page": home,
        "classrooms": [(room.classroom, None) for room in rooms],
        "lessons": [(each, room.classroom.subject) for room in rooms for each in room.lessons],
        "manuals": has_manuals,
    }
    writer.page("packs/reader/home.html", context, at=DOOR, here=str(home.url))


def write_room(writer: PageWriter, room: PackedRoom) -> None:
    address = str(room.classroom.url)
    for screen in room.screens:
        here = address if screen.number == 1 else f"{address}?p={screen.number}"
        context = {
            "page": room.classroom,
            "page_above": room.classroom.page_above,
            "lessons": screen,
            "drills": room.drills,
        }
        at = writer.links.pages[here]
        writer.page("packs/reader/classroom.html", context, at=at, here=here)


def write_lesson(writer: PageWriter, room: PackedRoom, place: int, film: str | None) -> None:
    """``place``: of the lesson in its room, from 0; ``film``: its path in the pack."""
    lesson = room.lessons[place]
    here = str(lesson.url)
    at = writer.links.pages[here]
    shown, track, index = _watched(lesson, film)
    context = {
        "page": lesson,
        "page_above": room.classroom,
        "screen_above": place // LESSONS_A_SCREEN + 1,
        "previous_lesson": room.lessons[place - 1] if place else None,
        "next_lesson": _next(room, place),
        "practice": room.practices.get(lesson.pk),
        "spoken": speech_of(lesson),
        "film": shown,
        "track": track,
        "index": index,
        "chosen_answer": None,
        "chosen_quiz": 1,
    }
    data = {"answers": _quiz_answers(writer, lesson, at=at, here=here)} if lesson.has_quiz else None
    writer.page("courses/lesson_page.html", context, at=at, here=here, data=data)


def _next(room: PackedRoom, place: int) -> LessonPage | None:
    return room.lessons[place + 1] if place + 1 < len(room.lessons) else None


def _watched(
    lesson: LessonPage, film: str | None
) -> tuple[PackedFilm | None, Any, FilmIndex | None]:
    """The film as it lies in the pack, the track that its picture shows, and what is said in it."""
    if film is None:
        return None, None, None
    original = lesson.film_to_watch
    shown = film_of(original, path=film, key=str(lesson.pk))
    cues = [] if original is None else lesson.published_cues(original)
    if original is None or not cues:
        return shown, None, None
    index = replace(index_of(original, cues), film=IN_PACK + quote(film))
    return shown, cues[0].track, index


def _quiz_answers(writer: PageWriter, lesson: LessonPage, *, at: str, here: str) -> dict[str, Any]:
    """Each quiz as each answer leaves it."""
    answers: dict[str, int] = {}
    parts: list[list[Any]] = []
    for number, block in enumerate(lesson.quizzes, 1):
        for chosen in range(len(block.value["options"])):
            context = {
                "value": block.value,
                "quiz_number": number,
                "chosen_answer": chosen,
                "chosen_quiz": number,
            }
            html = writer.part("courses/blocks/quiz.html", context, at=at, here=here)
            answers[f"answer={chosen}" + (f"&quiz={number}" if number > 1 else "")] = len(parts)
            parts.append([None, html.splitlines()])
    return {"answers": answers, "parts": parts}


def write_practice(writer: PageWriter, room: PackedRoom, place: int) -> None:
    """The practice of a lesson that has one."""
    lesson = room.lessons[place]
    practice = room.practices[lesson.pk]
    here = str(practice.url)
    at = writer.links.pages[here]
    played = practice.practice
    context = {
        "page": practice,
        "page_above": lesson,
        "classroom": room.classroom,
        "next_lesson": _next(room, place),
    }

    def render(moment: PracticeMoment) -> str:
        now = {**context, "moment": moment}
        return writer.part("courses/practice/player.html", now, at=at, here=here)

    data = {"answers": answers_of(played, render)}
    first = {**context, "moment": play(played)}
    writer.page("packs/reader/practice.html", first, at=at, here=here, data=data)


def write_drill(
    writer: PageWriter, room: PackedRoom, drill: DrillPage, lessons: Mapping[int, Page]
) -> None:
    here = str(drill.url)
    at = writer.links.pages[here]

    def render(template: str, context: Mapping[str, Any]) -> str:
        return writer.part(template, context, at=at, here=here)

    context = {
        "page": drill,
        "page_above": room.classroom,
        "screen_above": len(room.screens.page_range),
        "classroom": room.classroom,
        "round": None,
        "seed": 1,
    }
    data = {"drill-data": data_of(drill, lessons, render)}
    writer.page("courses/drill_page.html", context, at=at, here=here, data=data)
