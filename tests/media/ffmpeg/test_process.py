"""FFmpeg as a child: its words, its progress, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import ffmpeg as ffmpeg_python
import numpy as np
import pytest

from media.ffmpeg import process
from media.ffmpeg.abilities import FfmpegUnfit
from media.ffmpeg.extraction import extract_speech
from media.ffmpeg.process import FfmpegFailed, open_input, run
from media.files import half_made
from tests.media.films import X264, FfmpegChildren, make_film, pattern

Answer = TypeVar("Answer")
ROOT = Path(__file__).parents[3]


def test_speech_is_16_khz_mono_16_bit(starter_clip: Path, tmp_path: Path) -> None:
    extract_speech(starter_clip, tmp_path / "speech.wav", duration_ms=25_091)
    with wave.open(str(tmp_path / "speech.wav")) as speech:
        assert speech.getframerate() == 16_000
        assert speech.getnchannels() == 1
        assert speech.getsampwidth() == 2
        assert speech.getnframes() / 16_000 == pytest.approx(25.09, abs=0.05)


def test_speech_keeps_the_time_of_the_film(film_with_late_sound: Path, tmp_path: Path) -> None:
    extract_speech(film_with_late_sound, tmp_path / "speech.wav", duration_ms=3000)
    with wave.open(str(tmp_path / "speech.wav")) as speech:
        samples = np.frombuffer(speech.readframes(-1), dtype=np.int16)
    begins_at = np.flatnonzero(np.abs(samples) > 500)[0] / 16_000
    assert begins_at == pytest.approx(1.0, abs=0.03)


def test_progress_only_rises_and_reaches_one_once(starter_clip: Path, tmp_path: Path) -> None:
    told: list[float] = []
    run(
        _slowly(starter_clip, tmp_path / "x.wav", speed=10),
        duration_ms=25_091,
        on_progress=told.append,
    )
    assert len(told) > 3
    assert told == sorted(set(told))
    assert 0 < told[0] < 0.5
    assert told[-1] == 1.0


def test_a_failure_has_a_sentence_and_a_detail(film_without_sound: Path, tmp_path: Path) -> None:
    with pytest.raises(FfmpegFailed) as failed:
        extract_speech(film_without_sound, tmp_path / "speech.wav", duration_ms=2000)
    assert str(failed.value).startswith("视频转换没有完成。")
    assert "matches no streams" in failed.value.detail
    assert failed.value.returncode
    assert list(tmp_path.iterdir()) == []


LACKING = {
    "filter": lambda sound: ffmpeg_python.output(sound.filter("purr"), "-", format="null"),
    "option": lambda sound: ffmpeg_python.output(
        sound.filter("volume", 1, purr=1), "-", format="null"
    ),
    "value": lambda sound: ffmpeg_python.output(
        sound.filter("ebur128", framelog="purr"), "-", format="null"
    ),
    "encoder": lambda sound: ffmpeg_python.output(sound, "-", format="null", acodec="purr"),
    "option of its own": lambda sound: ffmpeg_python.output(sound, "-", format="null", purr=1),
    "format": lambda sound: ffmpeg_python.output(sound, "-", format="purr"),
}


@pytest.mark.parametrize("what", LACKING)
def test_what_the_machine_lacks_is_not_laid_on_the_film(what: str, starter_clip: Path) -> None:
    graph = LACKING[what](open_input(starter_clip)["a:0"])
    with pytest.raises(FfmpegUnfit) as unfit:
        run(graph, duration_ms=25_091)
    assert "这台服务器的 ffmpeg 缺少" in str(unfit.value)
    assert ("framelog" if what == "value" else "purr") in str(unfit.value)


def test_words_inside_a_film_are_not_taken_for_ffmpegs_own(shelf: Path, tmp_path: Path) -> None:
    title = ["-metadata", "title=Unknown encoder 'purr'"]
    film = make_film(shelf / "titled.mp4", *pattern("64x64", rate=10, seconds=1), *title, *X264)
    with pytest.raises(FfmpegFailed) as failed:
        extract_speech(film, tmp_path / "speech.wav", duration_ms=1000)
    assert "purr" in failed.value.detail


def test_a_failure_leaves_an_earlier_result_alone(film_without_sound: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "speech.wav"
    earlier.write_bytes(b"made before")
    with pytest.raises(FfmpegFailed):
        extract_speech(film_without_sound, earlier, duration_ms=2000)
    assert earlier.read_bytes() == b"made before"
    assert list(tmp_path.iterdir()) == [earlier]


def test_a_playlist_cannot_make_it_open_another_file(starter_clip: Path, tmp_path: Path) -> None:
    playlist = tmp_path / "lesson.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile '{starter_clip}'\n")
    with pytest.raises(FfmpegFailed):
        extract_speech(playlist, tmp_path / "speech.wav", duration_ms=2000)


def test_a_name_that_looks_like_an_option_or_an_address_is_only_a_name(
    starter_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("-y.mp4", "http:%d 课 'x'.mp4"):
        Path(name).write_bytes(starter_clip.read_bytes())
        extract_speech(Path(name), Path(f"{name}.wav"), duration_ms=25_091)
        assert Path(f"{name}.wav").stat().st_size > 700_000


def test_killed_in_the_middle_it_is_a_named_failure(
    starter_clip: Path, tmp_path: Path, ffmpeg_children: FfmpegChildren
) -> None:
    def kill(_share: float) -> None:
        [child] = ffmpeg_children.of(os.getpid())
        os.kill(child, signal.SIGKILL)

    target = tmp_path / "speech.wav"
    with pytest.raises(FfmpegFailed) as failed, half_made(target) as [name]:
        run(_slowly(starter_clip, name), duration_ms=25_091, on_progress=kill)
    assert failed.value.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


def test_an_exception_of_the_caller_ends_it(
    starter_clip: Path, tmp_path: Path, ffmpeg_children: FfmpegChildren
) -> None:
    def time_is_up(_share: float) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError), half_made(tmp_path / "speech.wav") as [name]:
        run(_slowly(starter_clip, name), duration_ms=25_091, on_progress=time_is_up)
    assert ffmpeg_children.of(os.getpid()) == []
    assert list(tmp_path.iterdir()) == []


def test_standing_still_it_is_given_up(
    starter_clip: Path,
    tmp_path: Path,
    ffmpeg_children: FfmpegChildren,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def freeze(_share: float) -> None:
        [child] = ffmpeg_children.of(os.getpid())
        os.kill(child, signal.SIGSTOP)

    monkeypatch.setattr(process, "STALLED_AFTER_SECONDS", 1.5)
    with pytest.raises(FfmpegFailed) as failed:
        run(_slowly(starter_clip, tmp_path / "x.wav"), duration_ms=25_091, on_progress=freeze)
    assert "no progress" in failed.value.detail


def test_it_dies_with_its_parent(
    starter_clip: Path, tmp_path: Path, ffmpeg_children: FfmpegChildren
) -> None:
    script = (
        "import sys, ffmpeg; from pathlib import Path;"
        "from media.ffmpeg.process import open_input, run;"
        "sound = open_input(Path(sys.argv[1]), readrate=1)['a:0'];"
        "run(ffmpeg.output(sound, sys.argv[2]), duration_ms=25_091)"
    )
    arguments = [sys.executable, "-c", script, str(starter_clip), str(tmp_path / "x.wav")]
    with subprocess.Popen(arguments, cwd=ROOT) as parent:
        [child] = _wait_for(lambda: ffmpeg_children.of(parent.pid))
        parent.kill()
    assert _wait_for(lambda: not _is_alive(child))


def _slowly(source: Path, target: Path, *, speed: float = 1) -> ffmpeg_python.nodes.OutputStream:
    return ffmpeg_python.output(open_input(source, readrate=speed)["a:0"], str(target))


def _wait_for(question: Callable[[], Answer]) -> Answer:
    """The first answer that is true; after ten seconds, whatever the answer is."""
    until = time.monotonic() + 10
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.05)
    return answer


def _is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
