"""What a file is, or the one sentence why it cannot be used."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from pytest_django import Settings

from media.ffmpeg.probe import UnusableMedia, probe
from tests.media.films import COPY, X264, make_film, pattern, tone


def test_it_tells_what_decisions_need(starter_clip: Path) -> None:
    seen = probe(starter_clip)
    assert (seen.width, seen.height, seen.rotation) == (1280, 720, 0)
    assert (seen.video_codec, seen.profile, seen.pixel_format) == ("h264", "High", "yuv420p")
    assert seen.level == 31
    assert seen.frame_rate == 25
    assert not seen.variable_frame_rate
    assert seen.keyframe_gap_ms == 2000
    assert (seen.audio_codec, seen.audio_profile) == ("aac", "LC")
    assert (seen.audio_channels, seen.audio_rate) == (1, 44_100)
    assert seen.duration_ms == pytest.approx(25_091, abs=2)
    assert seen.size_bytes == starter_clip.stat().st_size
    seen.require_sound()


def test_a_phone_held_upright_is_measured_as_it_is_seen(upright_film: Path) -> None:
    seen = probe(upright_film)
    assert (seen.width, seen.height, seen.rotation) == (720, 1280, 270)


def test_wide_pixels_are_counted_as_they_are_seen(tmp_path: Path) -> None:
    film = make_film(
        tmp_path / "dv.mp4", *pattern("720x576", rate=25, seconds=1), "-vf", "setsar=64/45", *X264
    )
    seen = probe(film)
    assert (seen.width, seen.height, seen.square_pixels) == (1024, 576, False)


def test_a_varying_rate_is_seen(film_of_varying_rate: Path) -> None:
    seen = probe(film_of_varying_rate)
    assert seen.variable_frame_rate
    assert seen.frame_rate is not None
    assert 10 < seen.frame_rate < 20


def test_a_constant_rate_in_a_coarse_clock_is_constant(tmp_path: Path) -> None:
    film = make_film(
        tmp_path / "coarse.mp4",
        *pattern("320x240", rate=30, seconds=2),
        *["-video_track_timescale", "1000", *X264],
    )
    seen = probe(film)
    assert not seen.variable_frame_rate
    assert seen.frame_rate == pytest.approx(Fraction(30), rel=0.01)


def test_a_film_without_sound_is_a_film(film_without_sound: Path) -> None:
    seen = probe(film_without_sound)
    assert seen.has_video
    assert not seen.has_audio
    with pytest.raises(UnusableMedia, match="没有声音"):
        seen.require_sound()


def test_a_song_has_sound_but_no_picture(song: Path) -> None:
    seen = probe(song)
    assert (seen.has_video, seen.has_audio) == (False, True)
    assert seen.duration_ms == pytest.approx(2000, abs=60)


def test_the_cover_of_a_song_is_no_picture(song: Path, tmp_path: Path) -> None:
    cover = make_film(
        tmp_path / "cover.png", *pattern("64x64", rate=1, seconds=1), "-frames:v", "1"
    )
    covered = make_film(
        tmp_path / "covered.mp3",
        *["-i", str(song), "-i", str(cover), "-map", "0:a", "-map", "1:v", *COPY],
        *["-disposition:v", "attached_pic"],
    )
    assert not probe(covered).has_video


@pytest.mark.parametrize("suffix", ["mkv", "ts", "avi", "flv", "mov", "mpg"])
def test_other_containers_are_read(suffix: str, film_480p: Path, tmp_path: Path) -> None:
    codecs = [] if suffix == "mpg" else X264
    film = make_film(tmp_path / f"film.{suffix}", "-i", str(film_480p), *codecs)
    seen = probe(film)
    assert (seen.width, seen.height) == (854, 480)
    assert seen.duration_ms == pytest.approx(2000, abs=150)
    assert seen.frame_rate == 24


def test_a_recording_that_states_no_duration_is_measured(tmp_path: Path) -> None:
    live = [*pattern("320x240", rate=25, seconds=3), *X264, "-f", "matroska", "-live", "1"]
    film = make_film(tmp_path / "browser.webm", *live)
    assert probe(film).duration_ms == pytest.approx(3000, abs=60)


def test_it_says_that_a_file_is_absent(tmp_path: Path) -> None:
    assert "找不到文件“没有.mp4”" in _refusal(tmp_path / "没有.mp4")


def test_it_says_that_a_file_is_empty(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    assert "是空的" in _refusal(empty)


@pytest.mark.parametrize(
    "content",
    [
        "这是一篇讲义，不是视频。" * 50,
        "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
        "ffconcat version 1.0\nfile /etc/passwd\n",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "\x00" * 4096,
    ],
    ids=["text", "playlist", "script", "drawing", "zeros"],
)
def test_it_says_that_a_file_is_no_video(content: str, tmp_path: Path) -> None:
    disguised = tmp_path / "lesson.mp4"
    disguised.write_text(content)
    assert "不是视频" in _refusal(disguised)


def test_a_folder_and_a_photo_are_no_videos(tmp_path: Path) -> None:
    photo = make_film(
        tmp_path / "photo.png", *pattern("64x64", rate=1, seconds=1), "-frames:v", "1"
    )
    assert "不是视频" in _refusal(photo)
    assert "不是视频" in _refusal(tmp_path)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.98])
def test_it_says_that_an_mp4_is_cut_short(share: float, film_1080p50: Path, tmp_path: Path) -> None:
    assert "不完整" in _refusal(_cut(film_1080p50, tmp_path / "cut.mp4", share=share))


def test_it_says_that_an_mp4_with_its_index_in_front_is_cut_short(
    starter_clip: Path, tmp_path: Path
) -> None:
    assert "不完整" in _refusal(_cut(starter_clip, tmp_path / "cut.mp4", share=0.9))


def test_it_says_that_a_matroska_film_is_cut_short(starter_clip: Path, tmp_path: Path) -> None:
    whole = make_film(tmp_path / "whole.mkv", "-i", str(starter_clip), *COPY)
    assert "不完整" in _refusal(_cut(whole, tmp_path / "cut.mkv", share=0.7))


def test_it_says_that_the_end_of_a_film_is_not_there(starter_clip: Path, tmp_path: Path) -> None:
    """An upload into a file of the right size, of which the second half never came."""
    content = starter_clip.read_bytes()
    hollow = tmp_path / "hollow.mp4"
    hollow.write_bytes(content[: len(content) // 2].ljust(len(content), b"\0"))
    assert "已经损坏" in _refusal(hollow)


def test_a_decompression_bomb_is_refused(tmp_path: Path, settings: Settings) -> None:
    bomb = make_film(
        tmp_path / "bomb.mp4",
        *["-f", "lavfi", "-i", "color=size=8192x4096:rate=1:duration=1", *X264],
    )
    assert probe(bomb).width == 8192
    settings.VIDEO_MAX_PIXELS = 1920 * 1080
    assert "画面太大（8192×4096）" in _refusal(bomb)


def test_a_film_beyond_the_hours_allowed_is_refused(tmp_path: Path, settings: Settings) -> None:
    settings.VIDEO_MAX_HOURS = 6
    days = make_film(
        tmp_path / "days.mp4",
        *pattern("64x64", rate=1, seconds=3),
        *["-vf", "setpts=N*20000/TB", "-fps_mode", "passthrough", *X264],
    )
    assert "超过了 6 小时的上限" in _refusal(days)


def test_a_sentence_ends_as_a_sentence_does(tmp_path: Path) -> None:
    sentence = _refusal(tmp_path / "absent.mp4")
    assert sentence.endswith("。")
    assert "\n" not in sentence


def _refusal(path: Path) -> str:
    with pytest.raises(UnusableMedia) as refused:
        probe(path)
    return str(refused.value)


def _cut(whole: Path, cut: Path, *, share: float) -> Path:
    content = whole.read_bytes()
    cut.write_bytes(content[: int(len(content) * share)])
    return cut


def test_a_tone_alone_is_measured_to_its_end(tmp_path: Path) -> None:
    wav = make_film(tmp_path / "tone.wav", *tone(seconds=2))
    assert probe(wav).duration_ms == 2000
