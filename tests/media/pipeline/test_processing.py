"""What of a film can be watched while the rest is still being made."""

import pytest
from django.core.files.base import ContentFile

from media.models import Video
from media.pipeline import processing
from tests.media.films import X264, make_film, pattern, tone


@pytest.fixture
def video(db, settings, tmp_path):
    """Of 50 pictures a second, so that none of its renditions is a copy."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path
    film = make_film(
        tmp_path / "a.mp4", *pattern("854x480", rate=50, seconds=2), *tone(seconds=2), *X264
    )
    content = ContentFile(film.read_bytes(), name="a.mp4")
    video = Video.objects.create(title="量血压", original=content)
    processing.probe_video(video, lambda done: None)
    return video


@pytest.fixture
def runs(monkeypatch):
    """What was asked of each run of FFmpeg, with what could be watched before it."""
    asked = []
    real = processing.make_run

    def make_run(video, source, specs, *more):
        asked.append(([spec.name for spec in specs], sorted(names(video))))
        real(video, source, specs, *more)

    monkeypatch.setattr(processing, "make_run", make_run)
    return asked


def names(video: Video) -> list[str]:
    return [rendition.name for rendition in video.renditions.all()]


def test_of_a_long_film_the_smallest_can_be_watched_before_the_slow_ones(video, runs, monkeypatch):
    monkeypatch.setattr(processing, "EARLY_FROM_MS", video.duration_ms)
    told: list[float] = []
    processing.make_video_renditions(video, told.append)
    assert runs == [(["360p"], []), (["480p"], ["360p"])]
    assert sorted(names(video)) == ["360p", "480p"]
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)


def test_a_short_film_is_decoded_once(video, runs):
    processing.make_video_renditions(video, lambda done: None)
    assert runs == [(["480p", "360p"], [])]


def test_a_run_that_was_overtaken_leaves_its_successor_the_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    overtaken, successor = processing.scratch_folder("film"), processing.scratch_folder("film")
    old = overtaken.__enter__()
    (old / "half.mp4").touch()
    with successor as new:
        assert not old.exists()
        overtaken.__exit__(None, None, None)
        assert new.exists()
    assert not list((tmp_path / "work").iterdir())
