"""Subtitles inside a film become versions that a reviewer may take; real ffmpeg, no recogniser."""

import subprocess
from pathlib import Path

import pytest

from courses.models import LessonPage
from media.ffmpeg import FfmpegFailed, binary
from media.models import Stage, Video
from media.probe import probe
from media.stages import kinds_of_a_video
from subtitles import embedded
from subtitles.choices import Origin
from subtitles.embedded import offer_embedded
from subtitles.models import Track

pytestmark = pytest.mark.django_db

SRT = (
    "1\n00:00:01,000 --> 00:00:03,000\n大家好。\n\n2\n00:00:04,000 --> 00:00:06,000\n今天学挂号。\n"
)


@pytest.fixture
def film(clip: Path, tmp_path: Path, settings) -> Video:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.srt").write_text(SRT)
    subprocess.run(
        [binary(), "-v", "error", "-i", clip, "-i", tmp_path / "a.srt",
         "-map", "0", "-map", "1", "-c", "copy", "-c:s", "mov_text", tmp_path / "a.mp4"],
        check=True,
    )  # fmt: skip
    return Video.objects.create(title="自带字幕", original="a.mp4")


def test_it_is_offered_once_beside_the_track(film: Video, tmp_path: Path):
    facts = probe(Path(film.original.path))
    assert offer_embedded(film, facts, folder=tmp_path) == 1
    assert offer_embedded(film, facts, folder=tmp_path) == 0
    [version] = Track.objects.get().versions.all()
    assert version.origin == Origin.FILM
    assert [cue["text"] for cue in version.cues] == ["大家好。", "今天学挂号。"]


def test_a_full_disk_is_not_taken_for_subtitles_that_cannot_be_read(film, tmp_path, monkeypatch):
    def no_room(*_arguments, **_options):
        raise FfmpegFailed(detail="a.srt: No space left on device", returncode=1)

    monkeypatch.setattr(embedded, "extract_subtitles", no_room)
    with pytest.raises(FfmpegFailed):
        offer_embedded(film, probe(Path(film.original.path)), folder=tmp_path)


def test_until_somebody_takes_them_the_lesson_waits_for_the_machine(film: Video, tmp_path: Path):
    offer_embedded(film, probe(Path(film.original.path)), folder=tmp_path)
    assert Track.objects.filter(video=film).exists()
    assert LessonPage.published_track(film) is None


def test_another_language_has_the_film_heard_anew_and_no_picture_taken(client, django_user_model):
    video = Video.objects.create(title="量血压", original="originals/a.mp4")
    for kind in kinds_of_a_video():
        Stage.objects.create(
            video=video, kind=kind.name, state="done", fingerprint=kind.fingerprint(video)
        )
    client.force_login(django_user_model.objects.create_superuser("admin"))
    url = f"/admin/videos/edit/{video.pk}/"
    client.post(url, {"title": "量血压（新）", "spoken_language": "zh"})
    assert not video.stages.exclude(state="done").exists()
    client.post(url, {"title": "量血压（新）", "spoken_language": "yue"})
    assert set(video.stages.filter(state="done").values_list("kind", flat=True)) == {
        "poster", "strip"
    }  # fmt: skip
