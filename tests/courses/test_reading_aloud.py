"""A published lesson is read aloud: the starter's from its recordings, an editor's by a job."""

import json
import re

import pytest
from django.test import RequestFactory

from courses.models import LessonPage
from courses.starter import loading
from courses.starter.loading import STARTER_DIR
from courses.starter.recordings import attach_recordings
from media.choices import StageState
from media.models import Narration, Stage

pytestmark = pytest.mark.django_db

SLUG = "qr-inside"
UNREAD = "phone-network"


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def starter(monkeypatch, tmp_path):
    """Two lessons of the starter, of which one has its recording."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    spans = json.loads((STARTER_DIR / "narration/spans.json").read_text())
    (folder / "spans.json").write_text(json.dumps({SLUG: spans[SLUG]}))
    (folder / f"{SLUG}.m4a").symlink_to(STARTER_DIR / f"narration/{SLUG}.m4a")
    monkeypatch.setattr("courses.starter.recordings.RECORDINGS_DIR", folder)
    load_two_lessons()
    attach_recordings()


def load_two_lessons():
    curriculum = json.loads((STARTER_DIR / "curriculum.json").read_text())
    home = loading.find_or_make_home("银龄学堂")
    [entry] = [entry for entry in curriculum["classrooms"] if entry["slug"] == "science"]
    classroom = loading.find_or_make_classroom(home, entry)
    for entry in curriculum["lessons"]:
        if entry["slug"] in (SLUG, UNREAD):
            loading.load_lesson(classroom, entry, loading.Loaded())


def lesson(slug=SLUG) -> LessonPage:
    return LessonPage.objects.get(slug=slug)


def change(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return lesson(page.slug)


def narration_of(page) -> Narration:
    return Narration.objects.get(page_id=page.pk)


def page_of(client, page) -> str:
    return client.get(page.url).content.decode()


def sentences_in(html: str) -> list[str]:
    return re.findall(r"<span [^>]*data-sentence>([^<]+)</span>", html)


def test_a_starters_recording_is_there_at_once_and_makes_no_work(starter):
    narration = narration_of(lesson())
    assert narration.reads_the_text
    assert not narration.stages.exists()
    assert "".join(said["text"] for said in narration.sentences) == lesson().narration
    assert narration_of(lesson(UNREAD)).stages.get().state == StageState.QUEUED


def test_loading_the_starter_again_copies_nothing_and_asks_for_nothing(starter):
    before = list(Narration.objects.values_list("page_id", "audio", "made_at"))
    Stage.objects.filter(narration__isnull=False).update(state=StageState.DONE)
    load_two_lessons()
    assert attach_recordings() == 0
    assert list(Narration.objects.values_list("page_id", "audio", "made_at")) == before
    assert not Stage.objects.filter(state=StageState.QUEUED).exists()


def test_the_page_shows_every_sentence_and_plays_without_a_script(client, starter):
    html = page_of(client, lesson())
    narration = narration_of(lesson())
    assert "".join(sentences_in(html)) == lesson().narration
    assert re.search(rf'<audio [^>]*controls[^>]*src="{narration.audio.url}"', html)
    track = f'<track kind="metadata" src="/subtitles/narration/{narration.pk}.vtt">'
    assert track in html
    assert client.get(narration.audio.url, headers={"range": "bytes=0-1"}).status_code == 206


def test_a_lesson_that_has_not_been_read_yet_shows_its_sentences_only(client, starter):
    html = page_of(client, lesson(UNREAD))
    assert "".join(sentences_in(html)) == lesson(UNREAD).narration
    assert "<audio" not in html


def test_a_changed_text_is_read_anew_once_it_is_published_and_not_before(starter):
    page = lesson()
    page.narration = "换一段话。"
    page.save_revision()
    assert not narration_of(page).stages.exists()
    change(page, narration="换一段话。")
    assert narration_of(page).stages.get().state == StageState.QUEUED
    assert attach_recordings() == 0  # the starter's words are no longer this lesson's
    assert narration_of(page).audio  # and the old ones stay until then


def test_publishing_without_another_text_asks_for_nothing(starter):
    change(lesson(), goal="看清再扫。")
    assert not narration_of(lesson()).stages.exists()


def test_a_lesson_without_a_script_is_read_in_its_own_words(client, starter):
    page = change(lesson(UNREAD), narration="")
    said = sentences_in(page_of(client, page))
    assert said[0] == page.goal
    assert page.offline_route.endswith(said[-1])
    assert len(said) >= len(page.steps) + 3


def test_a_preview_shows_the_drafts_words_without_the_published_sound(starter):
    draft = lesson()
    draft.narration = "还在写的话。"
    context = draft.get_context(RequestFactory().get("/"))
    assert context["spoken"].sentences == ["还在写的话。"]
    assert context["spoken"].narration is None
