"""An uploaded film with its checked subtitles in the picture, made when a pack asks for it."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from django.core.files import File
from django.utils import timezone

from media.choices import StageState
from media.ffmpeg.probe import probe
from media.models import Rendition, Video
from media.pipeline.services import plan_stages
from subtitles.choices import TrackState
from subtitles.keepsake import BURNT_IN, with_keepsake
from subtitles.models import Track, TrackCue

pytestmark = pytest.mark.django_db


def ffmpeg(*words):
    return subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *map(str, words)],
        capture_output=True, check=True,
    ).stdout  # fmt: skip


@pytest.fixture
def film(settings, tmp_path):
    """Two seconds of grey, upright, without a sound; its subtitles not checked."""
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path / "media", tmp_path
    plain = tmp_path / "plain.mp4"
    grey = "color=gray:size=204x360:rate=10:duration=2"
    ffmpeg("-f", "lavfi", "-i", grey, "-c:v", "libx264", "-preset", "ultrafast", plain)
    video = Video.objects.create(title="村里的路", original="originals/x.mp4", duration_ms=2_000)
    with plain.open("rb") as opened:
        Rendition.objects.create(
            video=video, name="360p", file=File(opened, "plain.mp4"), width=204, height=360,
            size_bytes=plain.stat().st_size,
        )  # fmt: skip
    track = Track.objects.create(video=video, language=video.spoken_language)
    TrackCue.objects.create(track=track, start_ms=1_000, end_ms=2_000, text="往左走，再过桥")
    return video


def check(video, by):
    video.tracks.update(state=TrackState.REVIEWED, reviewed_at=timezone.now(), reviewed_by=by)


def brightest(path, at):
    """Of the strip where subtitles stand, at a moment in seconds."""
    strip = "crop=1280:100:0:584,format=gray"
    return max(
        ffmpeg("-ss", at, "-i", path, "-frames:v", 1, "-vf", strip, "-f", "rawvideo", "pipe:1")
    )


@pytest.mark.ffmpeg
def test_checked_subtitles_stand_in_the_picture_and_it_is_made_once(film, django_user_model):
    check(film, django_user_model.objects.create_user("reader"))
    burnt = with_keepsake(film)
    path = burnt.keepsake.file.path
    facts = probe(Path(path))
    assert (facts.width, facts.height) == (1280, 720)
    assert abs(facts.duration_ms - 2_000) < 300
    assert brightest(path, 0.5) < 160, "grey before its time"
    assert brightest(path, 1.5) > 220, "white words in their time"
    assert [each.name for each in burnt.moving_renditions] == ["360p"], "as it was, beside it"

    assert with_keepsake(burnt).keepsake.file.path == path, "not made again"
    TrackCue.objects.update(text="往右走")
    assert with_keepsake(burnt).keepsake.file.path != path, "other words, another file"


def test_what_nobody_has_checked_bears_no_mark_in_the_picture_so_it_is_not_put_there(film):
    assert with_keepsake(film) == film
    assert not film.stages.exists()


def test_it_is_not_planned_and_a_failure_leaves_the_plain_film(film, django_user_model):
    plan_stages()
    assert not film.stages.filter(kind=BURNT_IN).exists()
    check(film, django_user_model.objects.create_user("reader"))
    Rendition.objects.get().file.delete(save=False)
    Rendition.objects.update(file="gone.mp4")
    assert with_keepsake(film).keepsake is None
    stage = film.stages.get(kind=BURNT_IN)
    assert stage.state in (StageState.QUEUED, StageState.FAILED)
