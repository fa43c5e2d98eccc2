"""One pack for the tests of its pages: some lessons of three classrooms, a film, a manual."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from courses.models import DrillPage, LessonPage
from courses.reading_aloud import ask_for_narration
from courses.starter.recordings import RECORDINGS_DIR, attach_recording
from lms.manuals.choices import VersionState
from lms.manuals.exchange.services import import_manual
from lms.manuals.models import Manual, ManualVersion
from lms.manuals.starter.loading import starter_package
from lms.packs.reader.writing import write_reader
from tests.manuals.conftest import make_organisation
from tests.packs.reader.pages import Pack

SLUGS = (
    "wake-and-back", "big-text", "scan-to-pay", "one-key-help", "sms-code", "voice-check",
)  # fmt: skip
FILM = "课程/02 智能技术/03 扫码付钱 50% #1.mp4"


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
        write_reader(folder, lessons, films=films, manuals=[manual])

    folder = tmp_path_factory.mktemp("pack")
    write(folder)
    (folder / FILM).parent.mkdir(parents=True)
    (folder / FILM).write_bytes(b"a film")
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


def shown_manual() -> Manual:
    """Of an invented telephone, as if it had been reviewed."""
    organisation = make_organisation(1, "松影岭电子有限公司")
    manual = import_manual(starter_package("big-phone"), organisation=organisation, by=None)
    version = manual.versions.get()
    now, today = timezone.now(), timezone.localdate()
    ManualVersion.objects.filter(pk=version.pk).update(
        state=VersionState.PUBLISHED,
        submitted_at=now,
        published_at=now,
        checked_on=today,
        review_due=today.replace(year=today.year + 1, day=1),
    )
    Manual.objects.filter(pk=manual.pk).update(live=True, published_version=version)
    return Manual.objects.get(pk=manual.pk)
