"""What recognition survives, with the real engine in its real process."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from subtitles.engines import Segment
from subtitles.engines.speech import (
    LONGEST_CHUNK_MS,
    SpeechSpan,
    copy_wav,
    cut_chunks,
    find_speech,
    read_wav,
)
from subtitles.recognition.machine import default_options
from subtitles.recognition.recognise import (
    ATTEMPTS_PER_CHUNK,
    RecognitionFailed,
    RecognitionOptions,
    recognise,
)
from tests.subtitles.sounds import silence, write_wav

LAST_SENTENCE = SpeechSpan(21_200, 25_000)
PAUSE_SECONDS = LONGEST_CHUNK_MS // 1000
RECOGNISE = """
import sys
from pathlib import Path
from subtitles.recognition.machine import default_options
from subtitles.recognition.recognise import recognise
recognise(Path(sys.argv[1]), work_dir=Path(sys.argv[2]), options=default_options())
"""


@pytest.fixture(scope="module")
def lesson(clip_speech: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clip's last sentence twice, the second time fainter and in a chunk of its own."""
    samples = read_wav(clip_speech, LAST_SENTENCE).astype(np.float64)
    path = tmp_path_factory.mktemp("lesson") / "speech.wav"
    return write_wav(path, np.concatenate([samples, silence(PAUSE_SECONDS), 0.7 * samples]))


@dataclass
class Heard:
    sentences: list[Segment]
    progress: list[float]
    killed: list[int]


@pytest.fixture(scope="module")
def heard(lesson: Path, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """The lesson, as an engine heard it that was killed after its first chunk."""
    progress: list[float] = []
    killed: list[int] = []

    def kill_engine_once(fraction: float) -> None:
        progress.append(fraction)
        if not killed:
            [engine] = engines_of(os.getpid())
            os.kill(engine, signal.SIGKILL)
            killed.append(engine)

    work_dir, options = tmp_path_factory.mktemp("work"), default_options()
    heard = recognise(lesson, work_dir=work_dir, options=options, on_progress=kill_engine_once)
    return Heard(heard.sentences, progress, killed)


def engines_of(pid: int) -> list[int]:
    """The engines that a process has started; other tests' browsers and sites are not meant."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [child for child in children if b"subtitles.engines" in command_line(child)]


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""  # gone in between


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def stored_chunks(work_dir: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in work_dir.glob("[!.]*.json")}


def test_a_killed_engine_is_started_again_and_leaves_no_gap(heard: Heard) -> None:
    text = "".join(segment.text for segment in heard.sentences)
    assert heard.killed
    assert text.count("微信支付") == 2
    assert engines_of(os.getpid()) == []


@pytest.mark.thorough(
    "a killed engine leaves no gap every time; test_killed_worker has a worker killed"
)
def test_a_killed_parent_leaves_no_orphan_and_the_next_run_goes_on(
    lesson: Path, tmp_path: Path
) -> None:
    parent = subprocess.Popen([sys.executable, "-c", RECOGNISE, str(lesson), str(tmp_path)])
    deadline = time.monotonic() + 60
    while not stored_chunks(tmp_path):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    [engine] = engines_of(parent.pid)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 5
    while is_running(engine):
        assert time.monotonic() < deadline, "the engine outlived its parent"
        time.sleep(0.05)

    before = stored_chunks(tmp_path)
    recognise(lesson, work_dir=tmp_path, options=default_options())
    after = stored_chunks(tmp_path)
    chunks = cut_chunks(find_speech(lesson))
    assert len(before) < len(chunks) == len(after)
    assert before.items() <= after.items()  # what was finished was not done again

    recognise(lesson, work_dir=tmp_path, options=default_options())
    assert stored_chunks(tmp_path) == after


def test_times_are_those_of_the_whole_recording(heard: Heard, heard_in_clip: list[Segment]) -> None:
    before_ms = LAST_SENTENCE.duration_ms + PAUSE_SECONDS * 1000 - LAST_SENTENCE.start_ms
    expected_ms = before_ms + last_mention_ms(heard_in_clip, "微信支付")
    found_ms = last_mention_ms(heard.sentences, "微信支付")
    assert found_ms == pytest.approx(expected_ms, abs=500)
    assert heard.progress == sorted(heard.progress)
    assert heard.progress[-1] == 1.0


def last_mention_ms(segments: list[Segment], what: str) -> int:
    characters = [word for segment in segments for word in segment.words]
    return characters["".join(word.text for word in characters).rindex(what)].start_ms


@pytest.mark.thorough("test_sherpa_onnx asks it of an engine that hears at once")
def test_other_options_are_other_work(clip_speech: Path, tmp_path: Path) -> None:
    greeting = tmp_path / "greeting.wav"
    copy_wav(clip_speech, SpeechSpan(0, 2600), greeting)
    options = default_options()
    recognise(greeting, work_dir=tmp_path, options=options)
    recognise(greeting, work_dir=tmp_path, options=replace(options, prompt=""))
    assert len(stored_chunks(tmp_path)) == 2


def test_an_engine_that_always_crashes_is_given_up(
    clip_speech: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.SUBTITLE_ENGINES = {"crashing": "tests.subtitles.broken_engine.Crashing"}
    lives = tmp_path / "lives"
    options = RecognitionOptions(engine="crashing", model=str(lives))
    with pytest.raises(RecognitionFailed, match="多次意外停止") as failure:
        recognise(clip_speech, work_dir=tmp_path / "work", options=options)
    assert len(lives.read_text()) == ATTEMPTS_PER_CHUNK
    assert "exit status -6" in failure.value.detail
    assert not list((tmp_path / "work").iterdir())


def test_what_is_no_wav_is_refused(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a WAV"):
        recognise(clip, work_dir=tmp_path, options=default_options())
