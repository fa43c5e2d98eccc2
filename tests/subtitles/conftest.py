"""The starter's clip: 25 s of narrated Mandarin whose true words and times are known."""

from pathlib import Path

import pytest

from media.ffmpeg.extraction import extract_speech
from media.ffmpeg.probe import probe
from subtitles.engines import Segment
from subtitles.recognition.machine import default_options
from subtitles.recognition.recognise import recognise
from tests.subtitles.by_heart import Spoken

STARTER = Path(__file__).parents[2] / "courses/starter/media"


@pytest.fixture(scope="session")
def clip() -> Path:
    return STARTER / "clip.mp4"


@pytest.fixture(scope="session")
def said_in_clip() -> str:
    lines = (STARTER / "clip.txt").read_text(encoding="utf-8").splitlines()
    return "".join(line.split("\t")[3] for line in lines if line.strip())


@pytest.fixture(scope="session")
def spoken_in_clip() -> Spoken:
    """Each character of the clip and when it is said: evenly within its sentence."""
    spoken: Spoken = []
    for line in (STARTER / "clip.txt").read_text(encoding="utf-8").splitlines():
        starts, ends, _part, text = line.split("\t")
        start_ms, duration_ms = 1000 * float(starts), 1000 * (float(ends) - float(starts))
        spoken += [
            (round(start_ms + duration_ms * i / len(text)), character)
            for i, character in enumerate(text)
        ]
    return spoken


@pytest.fixture(scope="session")
def clip_speech(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    speech = tmp_path_factory.mktemp("clip") / "speech.wav"
    extract_speech(clip, speech, duration_ms=probe(clip).duration_ms)
    return speech


@pytest.fixture(scope="session")
def heard_in_clip(clip_speech: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Segment]:
    """The clip as the default engine hears it, cleaned; it has no hole."""
    work_dir = tmp_path_factory.mktemp("work")
    heard = recognise(clip_speech, work_dir=work_dir, options=default_options())
    assert heard.holes == []
    return heard.sentences
