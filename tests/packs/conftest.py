"""Three lessons, two of them with films of a few bytes, and packs of them."""

from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile

from courses.models import ClassroomPage
from lms.packs.choices import Quality
from lms.packs.exchange.reading import Taken
from lms.packs.making import contents
from lms.packs.making.choosing import Choice, Part
from lms.packs.making.services import make_pack
from lms.packs.taking import services as taking
from media.models import Rendition, Video
from media.models.videos import KEEPSAKE


@pytest.fixture(autouse=True)
def own_disk(settings, tmp_path):
    """Keys, packs and films of one test."""
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = tmp_path / "var/media"
    settings.PACK_SIGNING_KEY = ""
    settings.PACK_TRUSTED_KEYS = []
    return tmp_path


@pytest.fixture(autouse=True)
def other_rooms(monkeypatch):
    """What the rooms below write and read, each with tests of its own, in a few bytes."""
    heard = SimpleNamespace(read=[])

    def write_reader(folder, lessons, *, films, manuals, manual_films):
        (folder / "网页").mkdir()
        (folder / "打开.html").write_text("".join(each.title for each in lessons))
        (folder / "网页/films.js").write_text(repr(sorted(films.items())))

    def write_courses(folder, lessons, *, manuals, films):
        (folder / "数据").mkdir()
        (folder / "数据/lessons.json").write_text(repr([each.goal for each in lessons]))

    def read_courses(folder, *, publish, by):
        heard.read.append((folder, publish, by))
        return Taken(new=1)

    monkeypatch.setattr(contents, "write_reader", write_reader)
    monkeypatch.setattr(contents, "write_courses", write_courses)
    monkeypatch.setattr(
        contents, "lesson_handout", lambda lesson: f"%PDF {lesson.title} {lesson.goal}".encode()
    )
    monkeypatch.setattr(taking, "read_courses", read_courses)
    return heard


def film(lesson, **renditions):
    """Of a lesson: by the name of each rendition what is in it."""
    video = Video.objects.create(
        title=lesson.title, original="originals/film.mp4", duration_ms=60_000
    )
    for name, content in renditions.items():
        height = 720 if name == KEEPSAKE else int(name[1:])
        Rendition.objects.create(
            video=video,
            name=name if name == KEEPSAKE else f"{height}p",
            file=ContentFile(content, f"{name}.mp4"),
            width=height * 16 // 9,
            height=height,
            size_bytes=len(content),
        )
    lesson.video = video
    lesson.save()
    return video


@pytest.fixture
def lessons(starter, db):
    room = ClassroomPage.objects.order_by("path").first()
    three = room.lessons_in_order()[:3]
    film(three[0], keepsake=b"subtitled one", p720=b"plain one", p360=b"small one")
    film(three[1], keepsake=b"subtitled two" * 1000, p720=b"plain two")
    return three


@pytest.fixture
def choice(lessons):
    return a_choice(lessons)


def a_choice(lessons, quality=Quality.SUBTITLED):
    return Choice(
        name="课程盘：试试",
        scope="all",
        quality=quality,
        parts=(Part("智能技术", tuple(lessons)),),
        manuals=(),
    )


@pytest.fixture
def stick(own_disk):
    """Its folder, empty."""
    folder = own_disk / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def pack(choice, stick):
    """A pack of the three on the stick."""
    return make_pack(stick, choice)


def files_in(folder):
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
