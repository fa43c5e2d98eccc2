"""打开.html and what it shows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from django.urls import reverse
from django.utils import translation

from courses.models import HomePage, LessonPage
from lms.accounts.display import KINDS
from lms.accounts.views.display import SCREENS
from lms.helpline.views.asking import NUMBERS
from lms.manuals.models import Manual
from lms.packs.reader import courses
from lms.packs.reader import manuals as of_manuals
from lms.packs.reader.folder import PAGES, ReaderFolder
from lms.packs.reader.links import Links
from lms.packs.reader.looks import write_looks
from lms.packs.reader.rendering import PageWriter

#: The screens of the settings that hold without a server.
SETTINGS: Final = SCREENS[:2]


def write_reader(
    folder: Path,
    lessons: Sequence[LessonPage],
    *,
    films: Mapping[int, str],
    manuals: Sequence[Manual],
    manual_films: Mapping[int, str],
) -> None:
    """Write 打开.html and 网页/ into ``folder``. ``films``: by the lesson's key, the film's path
    relative to it; ``manual_films``: by the manual's. The same content gives the same bytes."""
    with translation.override("zh-hans"):
        home = HomePage.objects.first()
        assert home is not None  # every site has one
        rooms = courses.rooms_of(lessons, films)
        versions = of_manuals.versions_of(manuals)
        pages = courses.addresses_of(home, rooms) | of_manuals.addresses_of(versions, manual_films)
        written = ReaderFolder(folder)
        writer = PageWriter(written, Links(written, pages))
        write_looks(written)
        courses.write_home(writer, home, rooms, has_manuals=bool(versions))
        _write_rooms(writer, rooms, films)
        if versions:
            of_manuals.write_manuals(writer, versions, manual_films)
        _write_help(writer)
        _write_settings(writer)
        written.drop_the_rest()


def _write_rooms(
    writer: PageWriter, rooms: Sequence[courses.PackedRoom], films: Mapping[int, str]
) -> None:
    everything = {lesson.pk: lesson for room in rooms for lesson in room.lessons}
    for room in rooms:
        courses.write_room(writer, room)
        for place, lesson in enumerate(room.lessons):
            courses.write_lesson(writer, room, place, films.get(lesson.pk))
            if lesson.pk in room.practices:
                courses.write_practice(writer, room, place)
        for drill in room.drills:
            courses.write_drill(writer, room, drill, everything)


def _write_help(writer: PageWriter) -> None:
    at = f"{PAGES}/help.html"
    writer.page("packs/reader/help.html", {"numbers": NUMBERS}, at=at, here=reverse("help"))


def _write_settings(writer: PageWriter) -> None:
    screens = [
        [(group.name, group.question, KINDS[group.name].choices) for group in screen]
        for screen in SETTINGS
    ]
    at = f"{PAGES}/display.html"
    writer.page("packs/reader/display.html", {"screens": screens}, at=at, here=reverse("display"))
