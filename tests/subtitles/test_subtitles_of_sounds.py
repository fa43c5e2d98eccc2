"""The whole path from sound to cues, measured against what was really said, or was not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.error_rate import character_error_rate
from subtitles.cleaning import traditional_characters
from subtitles.cues import EXTRA_LARGE, STANDARD, CueRules, build_cues
from subtitles.engines import Segment
from subtitles.machine import default_options, make_cues
from subtitles.problems import find_problems
from tests.subtitles.sounds import WITHOUT_SPEECH, Sound, write_wav

CLIP_MS = 25_100


@pytest.mark.parametrize("make_sound", WITHOUT_SPEECH.values(), ids=WITHOUT_SPEECH.keys())
def test_five_minutes_without_speech_have_no_cue(
    make_sound: Callable[[int], Sound], tmp_path: Path
) -> None:
    recording = write_wav(tmp_path / "sound.wav", make_sound(300))
    assert make_cues(recording, work_dir=tmp_path / "work", options=default_options()) == []


def test_the_clip_has_at_most_five_errors_in_a_hundred_characters(
    heard_in_clip: list[Segment], said_in_clip: str
) -> None:
    text = "".join(segment.text for segment in heard_in_clip)
    assert character_error_rate(said_in_clip, text) <= 0.05
    assert not traditional_characters(text)


@pytest.mark.parametrize("rules", [STANDARD, EXTRA_LARGE])
def test_the_clips_cues_keep_the_rules(heard_in_clip: list[Segment], rules: CueRules) -> None:
    cues = build_cues(heard_in_clip, rules=rules, media_end_ms=CLIP_MS)
    nexts = [*cues[1:], None]
    broken = [
        problem
        for cue, next_cue in zip(cues, nexts, strict=True)
        for problem in find_problems(cue, rules=rules, next_cue=next_cue)
        if problem.breaks_rule
    ]
    assert len(cues) >= 6
    assert len(broken) <= 0.05 * len(cues)


def test_the_clips_cues_come_when_they_are_said(heard_in_clip: list[Segment]) -> None:
    [cue] = [
        cue
        for cue in build_cues(heard_in_clip, media_end_ms=CLIP_MS)
        if cue.text.startswith("欢迎来到")
    ]
    assert cue.start_ms == pytest.approx(2831, abs=300)
    assert cue.end_ms == pytest.approx(4997, abs=500)
