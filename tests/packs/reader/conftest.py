"""One pack for the tests of its pages: some lessons of three classrooms, a film, a manual."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from courses.models import DrillPage, LessonPage
from courses.reading_aloud import ask_for_narration
from courses.starter.recordings import RECORDINGS_DIR, attach_recording
from lms.packs.reader.writing import write_reader
from tests.packs.reader.pages import Pack
from tests.packs.shown_manual import shown_manual

SLUGS = (
    "wake-and-back", "big-text", "scan-to-pay", "one-key-help", "sms-code", "voice-check",
)  # fmt: skip
FILM = "课程/02 智能技术/03 扫码付钱 50% #1.mp4"
MANUAL_FILM = "说明书/康乐 KL-6/大字手机.mp4"


@pytest.fixture
def own_disk():
    """Not another for each test: the pack is one for all."""


@pytest.fixture
def other_rooms():
    """None: this is one of them."""


@pytest.fixture(scope="module")
def pack(starter, tmp_path_factory) -> Pack:
    read_aloud(LessonPage.objects.get(slug="scan-to-pay"))
    lessons = list(LessonPage.objects.filter(slug__in=SLUGS).order_by("-path"))
    manual = shown_manual()
    films = {each.pk: FILM for each in lessons if each.slug == "scan-to-pay"}

    def write(folder: Path) -> None:
        write_reader(
            folder, lessons, films=films, manuals=[manual], manual_films={manual.pk: MANUAL_FILM}
        )

    folder = tmp_path_factory.mktemp("pack")
    write(folder)
    (folder / FILM).parent.mkdir(parents=True)
    (folder / FILM).write_bytes(b"a film")
    (folder / MANUAL_FILM).parent.mkdir(parents=True)
    (folder / MANUAL_FILM).write_bytes(b"another film")
    content = SimpleNamespace(
        lessons={lesson.slug: lesson for lesson in lessons},
        drill=DrillPage.objects.get(),
        manual=manual,
    )
    return Pack(folder, write, content)


def read_aloud(lesson: LessonPage) -> None:
    """With the starter's recording; the other lessons have none."""
    facts = json.loads((RECORDINGS_DIR / "spans.json").read_text())[lesson.slug]
    narration = ask_for_narration(lesson)
    assert narration is not None
    attach_recording(narration, slug=lesson.slug, facts=facts)
