"""Subtitles inside a film become versions that a reviewer may take; real ffmpeg, no recogniser."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from courses.models import LessonPage
from media.ffmpeg.probe import probe
from media.ffmpeg.process import FfmpegFailed
from media.models import Stage, Video
from media.pipeline import services
from media.pipeline.stages import kinds_of
from subtitles import processing
from subtitles.choices import Origin
from subtitles.models import Track
from subtitles.tracks import embedded
from subtitles.tracks.embedded import offer_embedded, sort_out
from subtitles.tracks.importing import read_rows

pytestmark = pytest.mark.django_db


def srt(*cues: tuple[float, float, str]) -> str:
    return "\n".join(
        f"{number}\n00:00:{start:06.3f} --> 00:00:{end:06.3f}\n{text}\n".replace(".", ",")
        for number, (start, end, text) in enumerate(cues, start=1)
    )


SRT = srt((1, 3, "大家好。"), (4, 6, "今天学挂号。"))
FAULTY = srt(
    (1, 3, "大家好。"),
    (2.5, 6, "今天学挂号。"),
    (5, 5, "一闪就没有"),
    (7, 8, "学" * 121),
    (8, 9, "点这里。"),
    (8, 9, "Tap here"),
    (9, 10, "很" * 130),
)


@pytest.fixture
def make_film(clip: Path, tmp_path: Path, settings):
    """Matroska keeps faulty times as they are; MP4 cannot hold them."""
    settings.MEDIA_ROOT = settings.VAR_DIR = tmp_path

    def make(text: str, *, options: tuple[str, ...] = ()) -> Video:
        (tmp_path / "a.srt").write_text(text)
        subprocess.run(
            [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-t", "12",
             "-i", clip, "-i", tmp_path / "a.srt",
             "-map", "0", "-map", "1", "-c", "copy", "-c:s", "subrip", *options,
             tmp_path / "a.mkv"],
            check=True,
        )  # fmt: skip
        return Video.objects.create(title="自带字幕", original="a.mkv")

    return make


@pytest.fixture
def film(make_film) -> Video:
    return make_film(SRT)


def test_it_is_offered_once_beside_the_track(film: Video, tmp_path: Path):
    facts = probe(Path(film.original.path))
    assert (
        offer_embedded(film, Path(film.original.path), facts, folder=tmp_path)
        == "自带字幕1：收下2条。"
    )
    assert (
        offer_embedded(film, Path(film.original.path), facts, folder=tmp_path)
        == "自带字幕1：收下2条。"
    )
    [version] = Track.objects.get().versions.all()
    assert version.origin == Origin.FILM
    assert [cue["text"] for cue in version.cues] == ["大家好。", "今天学挂号。"]


@pytest.mark.parametrize(
    ("options", "state", "before"),
    [((), "done", ""), (("-an",), "skipped", "这个视频没有声音，不用做字幕。 ")],
    ids=["with sound", "mute"],
)
def test_an_editor_is_told_what_was_left_out_and_why(
    make_film, monkeypatch, admin_client, options, state, before
):
    monkeypatch.setattr(processing, "make_cues", lambda *_audio, **_options: [])
    video = make_film(FAULTY, options=options)
    services.plan_stages()
    for _kind in ("probe", "transcript"):
        for stage in services.claim_due_stages(limit=9, video=video):
            if stage.kind in {"probe", "transcript"}:
                assert stage.token
                services.run_stage(stage.pk, token=stage.token)
    [version] = Track.objects.get().versions.filter(origin=Origin.FILM)
    assert [cue["text"] for cue in version.cues] == ["大家好。", "今天学挂号。", "点这里。"]
    times_ms = [(cue["start_ms"], cue["end_ms"]) for cue in version.cues]
    # FFmpeg 5.1 counts from the empty first block of AAC, 23 ms before the film.
    expected_ms = np.array([(1_000, 2_420), (2_500, 6_000), (8_000, 9_000)])
    assert np.abs(np.array(times_ms) - expected_ms).max() < 25
    stage = video.stages.get(kind="transcript")
    assert stage.state == state
    assert stage.message == (
        f"{before}自带字幕1：收下3条。"
        " 有1条没有收下，第一处在0:05：结束时间要在开始时间之后。"
        " 有2条没有收下，第一处在0:07：文字太长，请拆成几条。"
        " 有1条没有收下，第一处在0:08：和前一条同时开始。"
    )
    assert stage.message in admin_client.get(f"/admin/videos/inspect/{video.pk}/").content.decode()


def test_what_lies_beyond_the_films_end_is_left_out_or_ends_with_it():
    rows = read_rows(srt((1, 30, "大家好。"), (12, 13, "再见。")).encode(), name="a.srt")
    taken, left_out = sort_out(rows, end_ms=12_000)
    assert [(row.text, row.end_ms) for row in taken] == [("大家好。", 12_000)]
    assert {fault: len(those) for fault, those in left_out.items()} == {"视频到这里已经放完了。": 1}


def test_what_cannot_be_read_is_said_and_stops_nothing(film, tmp_path, monkeypatch):
    def broken(*_arguments, **_options):
        raise FfmpegFailed(detail="Invalid data found", returncode=1)

    monkeypatch.setattr(embedded, "extract_subtitles", broken)
    note = offer_embedded(
        film, Path(film.original.path), probe(Path(film.original.path)), folder=tmp_path
    )
    assert note == "自带字幕1：读不出来，没有收下。"
    assert not Track.objects.exists()


def test_a_full_disk_is_not_taken_for_subtitles_that_cannot_be_read(film, tmp_path, monkeypatch):
    def no_room(*_arguments, **_options):
        raise FfmpegFailed(detail="a.srt: No space left on device", returncode=1)

    monkeypatch.setattr(embedded, "extract_subtitles", no_room)
    with pytest.raises(FfmpegFailed):
        offer_embedded(
            film, Path(film.original.path), probe(Path(film.original.path)), folder=tmp_path
        )


def test_until_somebody_takes_them_the_lesson_waits_for_the_machine(film: Video, tmp_path: Path):
    offer_embedded(film, Path(film.original.path), probe(Path(film.original.path)), folder=tmp_path)
    assert Track.objects.filter(video=film).exists()
    assert LessonPage.published_track(film) is None


def test_another_language_has_the_film_heard_anew_and_no_picture_taken(client, django_user_model):
    video = Video.objects.create(title="量血压", original="originals/a.mp4")
    for kind in kinds_of(video):
        Stage.objects.create(
            video=video, kind=kind.name, state="done", fingerprint=kind.fingerprint(video)
        )
    client.force_login(django_user_model.objects.create_superuser("admin"))
    url = f"/admin/videos/edit/{video.pk}/"
    client.post(url, {"title": "量血压（新）", "spoken_language": "zh"})
    assert not video.stages.exclude(state="done").exists()
    client.post(url, {"title": "量血压（新）", "spoken_language": "yue"})
    kept = video.stages.filter(state="done").values_list("kind", flat=True)
    assert sorted(kept) == ["poster", "storyboard"]
