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
from lms.packs.reader.rendering import Desk

#: The screens of the settings that hold without a server.
SETTINGS: Final = SCREENS[:2]


def write_reader(
    folder: Path,
    lessons: Sequence[LessonPage],
    *,
    films: Mapping[int, str],
    manuals: Sequence[Manual],
) -> None:
    """Write 打开.html and 网页/ into ``folder``. ``films``: by the lesson's key, the film's path
    relative to it. The same content gives the same bytes."""
    with translation.override("zh-hans"):
        home = HomePage.objects.first()
        assert home is not None  # every site has one
        rooms = courses.rooms_of(lessons, films)
        versions = of_manuals.versions_of(manuals)
        pages = courses.addresses_of(home, rooms) | of_manuals.addresses_of(versions)
        written = ReaderFolder(folder)
        desk = Desk(written, Links(written, pages))
        write_looks(written)
        courses.write_home(desk, home, rooms, has_manuals=bool(versions))
        _write_rooms(desk, rooms, films)
        if versions:
            of_manuals.write_manuals(desk, versions)
        _write_help(desk)
        _write_settings(desk)
        written.drop_the_rest()


def _write_rooms(desk: Desk, rooms: Sequence[courses.Room], films: Mapping[int, str]) -> None:
    everything = {lesson.pk: lesson for room in rooms for lesson in room.lessons}
    for room in rooms:
        courses.write_room(desk, room)
        for place, lesson in enumerate(room.lessons):
            courses.write_lesson(desk, room, place, films.get(lesson.pk))
            if lesson.pk in room.practices:
                courses.write_practice(desk, room, place)
        for drill in room.drills:
            courses.write_drill(desk, room, drill, everything)


def _write_help(desk: Desk) -> None:
    at = f"{PAGES}/help.html"
    desk.page("packs/reader/help.html", {"numbers": NUMBERS}, at=at, here=reverse("help"))


def _write_settings(desk: Desk) -> None:
    screens = [
        [(group.name, group.question, KINDS[group.name].choices) for group in screen]
        for screen in SETTINGS
    ]
    at = f"{PAGES}/display.html"
    desk.page("packs/reader/display.html", {"screens": screens}, at=at, here=reverse("display"))
