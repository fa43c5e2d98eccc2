"""数据/: lessons and manuals as another city takes them in."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from wagtail.models import Page, Site

from courses.models import ClassroomPage, CoursePage, DrillPage, LessonPage
from courses.models.lesson_films import films_of
from lms.manuals.models import Manual
from lms.packs.exchange.document import DOCUMENT_NAME, FORMAT, VERSION, Rights, as_json
from lms.packs.exchange.entries import Writer
from lms.packs.exchange.parsing import checked
from lms.packs.exchange.written_files import Desk


def write_courses(
    folder: Path,
    lessons: Sequence[LessonPage],
    *,
    manuals: Sequence[Manual],
    films: Mapping[int, str],
) -> None:
    """Write 数据/ into ``folder``; films that are in the pack are named by their path in it, others
    copied. Of drafts, and of manuals that elders do not see, nothing goes out. The same content
    gives the same bytes.

    Raises PackError where what would be written could not be read again.
    """
    desk = Desk(folder, films)
    content = as_json(checked(pack_of(lessons, manuals, desk))).encode()
    desk.write(DOCUMENT_NAME, content)
    desk.clear()


def pack_of(lessons: Sequence[LessonPage], manuals: Sequence[Manual], desk: Desk) -> dict[str, Any]:
    city = name_of_city()
    writer = Writer(desk, rights=Rights(licence=settings.COURSES_LICENCE, source=city))
    wanted = {each.pk for each in lessons}
    live = list(LessonPage.objects.live().public().filter(pk__in=wanted).order_by("path"))
    shown = films_of(live)
    keys = {each.pk: writer.key(each) for each in LessonPage.objects.live().public()}
    rooms = [room_of(writer, room, live, shown, keys) for room in rooms_of(live)]
    series = [
        writer.series(page, keys)
        for page in CoursePage.objects.live().public().order_by("path")
        if wanted & set(page.chosen_lessons.values_list("lesson", flat=True))
    ]
    packed = [writer.manual(each) for each in sorted(manuals, key=lambda each: each.short_code)]
    return {
        "format": FORMAT,
        "version": VERSION,
        "city": city,
        "classrooms": rooms,
        "series": series,
        "pictures": [writer.pictures[name].model_dump() for name in sorted(writer.pictures)],
        "manuals": [each for each in packed if each],
    }


def room_of(
    writer: Writer,
    room: ClassroomPage,
    lessons: Sequence[LessonPage],
    films: Mapping[int, Any],
    keys: Mapping[int, str],
) -> dict[str, Any]:
    inside = [each for each in lessons if each.path.startswith(room.path)]
    told = [writer.lesson(each, films.get(each.pk)) for each in inside]
    drills = list(DrillPage.objects.child_of(room).live().public())
    return writer.classroom(room, told, drills, keys)


def rooms_of(lessons: Sequence[LessonPage]) -> list[ClassroomPage]:
    """In the site's order."""
    paths = {each.path[: -Page.steplen] for each in lessons}
    return list(ClassroomPage.objects.filter(path__in=paths).order_by("path"))


def name_of_city() -> str:
    site = Site.objects.filter(is_default_site=True).first()
    return site.site_name if site else ""
