"""Lessons on paper: A4, 18 pt and more, as PDFs that are laid out once a published version."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from courses.blocks.steps import drawing_of
from courses.drawings import Drawing
from courses.models import ClassroomPage, LessonPage
from courses.paper import PaperNotReady, address_of, kept_pdf, qr_code
from media.models import Picture

#: Raise it to have unchanged lessons laid out anew; a change of the template does so by itself.
RECIPE = 2
TEMPLATES = ("courses/handout.html", "courses/handout.css")
#: Size of pictures in pixels: some 150 to the inch at the width that they have on paper.
PICTURE = "max-900x900|format-jpeg"


@dataclass(frozen=True)
class HandoutStep:
    words: str
    picture: str  # a data: address; empty where there is none
    drawing: Drawing | None


@dataclass(frozen=True)
class LessonSheet:
    """A lesson, ready to be printed."""

    lesson: LessonPage
    steps: list[HandoutStep]
    address: str  # as people type it
    qr_code: str  # a data: address


def lesson_handout(lesson: LessonPage) -> bytes:
    """The PDF of one live lesson; raises PaperNotReady."""
    return _kept(f"lesson-{lesson.pk}", [lesson], title=lesson.title, cover=None)


def classroom_pack(classroom: ClassroomPage) -> bytes:
    """All live lessons of a classroom in one PDF, each on its own pages, after a page that lists
    them; raises PaperNotReady."""
    lessons = list(LessonPage.objects.child_of(classroom).live().public())
    if not lessons:
        raise PaperNotReady(_("这个课堂还没有课，过几天再来看看。"))
    return _kept(f"classroom-{classroom.pk}", lessons, title=classroom.title, cover=classroom)


def _kept(
    name: str, lessons: Sequence[LessonPage], *, title: str, cover: ClassroomPage | None
) -> bytes:
    def html() -> str:
        sheets = [_sheet(lesson) for lesson in lessons]
        context = {"title": title, "cover": cover, "sheets": sheets}
        return render_to_string("courses/handout.html", context)

    return kept_pdf(name, version=_version(lessons, title), html=html)


def _version(lessons: Sequence[LessonPage], title: str) -> str:
    """Digest of everything that decides what is printed."""
    looks = [(Path(settings.BASE_DIR) / "templates" / name).read_text() for name in TEMPLATES]
    revisions = [(lesson.pk, lesson.live_revision_id, lesson.url) for lesson in lessons]
    parts = (RECIPE, looks, revisions, title, settings.WAGTAILADMIN_BASE_URL)
    return sha256(repr(parts).encode()).hexdigest()[:16]


def _sheet(lesson: LessonPage) -> LessonSheet:
    url = address_of(lesson.url)
    return LessonSheet(
        lesson=lesson,
        steps=[
            HandoutStep(
                words=block.value["words"],
                picture=_picture(block.value["picture"]),
                drawing=drawing_of(block.value),
            )
            for block in lesson.steps
        ],
        address=url.partition("://")[2],
        qr_code=qr_code(url),
    )


def _picture(picture: Picture | None) -> str:
    if picture is None:
        return ""
    with picture.get_rendition(PICTURE).file.open("rb") as file:
        return f"data:image/jpeg;base64,{b64encode(file.read()).decode()}"
