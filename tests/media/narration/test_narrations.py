"""A narration is made once a text, and what learners hear always fits what they see."""

import json
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from wagtail.models import Page

from courses.starter.loading import STARTER_DIR
from media.choices import StageState
from media.ffmpeg.loudness import measure_loudness
from media.ffmpeg.probe import probe
from media.models import Narration, Stage, Video
from media.narration.narrators import SentenceSpan
from media.narration.queries import narration_progress, spoken_text_of
from media.narration.services import (
    make_again,
    publish_narration,
    queue_narration,
    request_narration,
    use_recording,
)
from media.pipeline import services
from media.pipeline.queries import progress_of
from tests.media.narration.narrations import TEXT, narrated, run_what_is_due

pytestmark = pytest.mark.django_db

#: Of a test that looks at files, which are deleted once a transaction is committed.
COMMITTED = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LESSON = next(
    lesson
    for lesson in json.loads((STARTER_DIR / "curriculum.json").read_text())["lessons"]
    if lesson["slug"] == "after-scam"
)


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(media_root: Path) -> list[Path]:
    return [path for path in media_root.rglob("*") if path.is_file()]


@pytest.fixture
def made(media_root):
    """A narration that has been read; its sound is no sound, which nobody here hears."""
    narration = narrated()
    publish(narration)
    return reloaded(narration)


def publish(narration, digest=None):
    publish_narration(
        narration,
        text_digest=digest or narration.text_digest,
        audio=ContentFile(b"sound"),
        name="reading.m4a",
        spans=[SentenceSpan(300, 1500), SentenceSpan(2000, 4000)],
        duration_ms=4500,
        voice="espeak-ng",
    )
    narration.stages.update(state=StageState.DONE, token=None)


def reloaded(narration):
    return Narration.objects.get(pk=narration.pk)


def heard(narration, text):
    page = Page.objects.get(pk=narration.page_id)  # as the next request has it
    spoken = spoken_text_of(page, text=text)
    return spoken.sentences, spoken.narration is not None


def test_a_text_is_read_at_the_houses_loudness_with_a_time_for_each_sentence(settings):
    narration = narrated()
    assert run_what_is_due() == 1
    narration = reloaded(narration)
    assert [said["text"] for said in narration.sentences] == ["先挂断。", "再打幺幺零。"]
    assert narration.sentences[1]["start_ms"] > narration.sentences[0]["end_ms"]
    assert narration.voice == settings.NARRATOR
    path = Path(narration.audio.path)
    assert probe(path).audio_codec == "aac"
    assert measure_loudness(path, duration_ms=narration.duration_ms).fits
    assert narration.stages.get().state == StageState.DONE


def test_an_unchanged_text_is_not_read_again(made):
    request_narration(made.page, text=TEXT)
    request_narration(made.page, text=f"\n {TEXT} \n")
    assert run_what_is_due() == 0
    assert reloaded(made).audio.name == made.audio.name


@COMMITTED
def test_until_the_new_text_is_read_the_old_one_is_seen_and_heard(made, media_root):
    request_narration(made.page, text="先关机。再打幺幺零。")
    assert heard(made, "先关机。再打幺幺零。") == (["先挂断。", "再打幺幺零。"], True)
    assert run_what_is_due() == 1
    assert heard(made, "先关机。再打幺幺零。") == (["先关机。", "再打幺幺零。"], True)
    assert not made.audio.storage.exists(made.audio.name)
    assert len(files(media_root)) == 1


def test_a_text_that_comes_back_before_it_was_read_anew_needs_no_job(made):
    request_narration(made.page, text="先关机。")
    request_narration(made.page, text=TEXT)
    assert run_what_is_due() == 0
    assert heard(made, TEXT) == (["先挂断。", "再打幺幺零。"], True)


def test_a_draft_is_seen_and_not_heard(made):
    assert heard(made, "还没发布的话。") == (["还没发布的话。"], False)


def test_an_old_sound_is_never_heard_once_the_new_one_has_failed(made, monkeypatch):
    monkeypatch.setenv("PATH", "")  # no voice
    request_narration(made.page, text="先关机。")
    run_what_is_due()
    progress = narration_progress(reloaded(made))
    assert progress.failed
    assert "apt-get install espeak-ng" in progress.message
    assert heard(made, "先关机。") == (["先关机。"], False)


def test_a_text_that_changed_while_it_was_read_is_not_published(made, monkeypatch):
    request_narration(made.page, text="先关机。")
    [stage] = services.claim_due_stages(limit=1)
    assert stage.token is not None
    started = services.start_stage(stage.pk, token=stage.token)
    assert started is not None
    request_narration(made.page, text="先关机，再想一想。")
    with pytest.raises(services.LeaseLost):
        services.extend_lease(started)
    from media.narration.stage import make_narration

    make_narration(started.subject, lambda done: None)
    assert reloaded(made).audio.name == made.audio.name
    assert made.stages.get().state == StageState.QUEUED


@COMMITTED
@pytest.mark.parametrize("text", ["", "  \n", "。"])
def test_nothing_to_say_leaves_nothing_behind(made, media_root, text):
    assert request_narration(made.page, text=text) is None
    assert not Narration.objects.exists()
    assert not Stage.objects.exists()
    assert files(media_root) == []


@COMMITTED
def test_a_deleted_page_takes_its_sound_along(made, media_root):
    made.page.delete()
    assert not Narration.objects.exists()
    assert files(media_root) == []


def own_recording():
    return File((STARTER_DIR / "narration/after-scam.m4a").open("rb"))


def test_ones_own_recording_comes_before_the_machine_and_is_timed(media_root):
    narration = narrated(LESSON["narration"])
    with own_recording() as file:
        use_recording(narration, file=file, name="../老师 录音.M4A")
    run_what_is_due()
    narration = reloaded(narration)
    truth = json.loads((STARTER_DIR / "narration/spans.json").read_text())["after-scam"]["spans_ms"]
    assert narration.voice == "recording"
    assert narration.recording.name.startswith("originals/")
    for said, (start_ms, _end_ms) in zip(narration.sentences, truth, strict=True):
        assert abs(said["start_ms"] - start_ms) < 100


def test_a_recording_of_an_older_text_is_not_used(made):
    with own_recording() as file:
        use_recording(made, file=file, name="a.m4a")
    request_narration(made.page, text="先关机。")
    run_what_is_due()
    assert reloaded(made).voice == "espeak-ng"
    assert reloaded(made).recording.name  # it may fit again


def test_a_recording_that_does_not_fit_the_text_leaves_the_old_sound(made):
    with own_recording() as file:
        use_recording(made, file=file, name="a.m4a")
    run_what_is_due()
    assert "对不上" in narration_progress(reloaded(made)).message
    assert heard(made, TEXT)[1] is True


@COMMITTED
def test_the_machine_can_take_over_again(media_root):
    narration = narrated()
    with own_recording() as file:
        use_recording(narration, file=file, name="a.m4a")
    make_again(reloaded(narration), by_machine=True)
    run_what_is_due()
    assert reloaded(narration).voice == "espeak-ng"
    assert len(files(media_root)) == 1


def test_made_again_it_is_read_again_though_nothing_has_changed(made):
    make_again(made)
    assert run_what_is_due() == 1
    assert reloaded(made).audio.name != made.audio.name


def test_a_narration_is_no_stage_of_a_video_and_a_videos_stages_are_not_its(made):
    video = Video.objects.create(title="量血压", original=ContentFile(b"film", name="a.mp4"))
    services.plan_stages()
    assert not video.stages.filter(kind="narration").exists()
    assert "narration" not in {stage.kind for stage in progress_of(video).stages}
    assert made.stages.count() == 1


@pytest.mark.parametrize("values", [{"text": ""}, {"audio": ""}, {"recording": "originals/a.mp3"}])
def test_the_database_refuses_a_narration_that_makes_no_sense(made, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Narration.objects.update(**values)


def test_the_database_refuses_a_stage_of_nothing_and_of_two_things(made):
    video = Video.objects.create(title="量血压", original="originals/a.mp4")
    queue_narration(made)
    for values in ({"narration": None}, {"video": video}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Stage.objects.filter(narration=made).update(**values)
