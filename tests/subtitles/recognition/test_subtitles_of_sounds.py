"""The whole path from sound to cues, measured against what was really said, or was not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import narrations
from benchmarks.error_rate import character_error_rate
from subtitles.chinese.cleaning import traditional_characters
from subtitles.chinese.homophones import Vocabulary
from subtitles.chinese.numbers import numbers_as_written
from subtitles.chinese.words import domain_words
from subtitles.cues import EXTRA_LARGE, STANDARD, CueRules, build_cues
from subtitles.cues.problems import find_problems
from subtitles.engines import Segment
from subtitles.engines.speech import find_voice
from subtitles.recognition.machine import default_options, make_cues
from tests.subtitles.sounds import WITHOUT_SPEECH, Sound, write_wav

CLIP_MS = 25_100


@pytest.mark.parametrize("make_sound", WITHOUT_SPEECH.values(), ids=WITHOUT_SPEECH.keys())
@pytest.mark.parametrize(
    "seconds", [45, pytest.param(300, marks=pytest.mark.thorough("the same sounds for longer"))]
)
def test_where_nobody_speaks_there_is_no_cue(
    make_sound: Callable[[int], Sound], seconds: int, tmp_path: Path
) -> None:
    recording = write_wav(tmp_path / "sound.wav", make_sound(seconds))
    assert make_cues(recording, work_dir=tmp_path / "work", options=default_options()) == []


def test_the_clip_has_at_most_five_errors_in_a_hundred_characters(
    heard_in_clip: list[Segment], said_in_clip: str
) -> None:
    text = "".join(segment.text for segment in heard_in_clip)
    assert character_error_rate(said_in_clip, text) <= 0.05
    assert not traditional_characters(text)


@pytest.mark.thorough("two narrations; the clip's errors are counted anyway")
def test_of_two_lessons_no_speech_is_lost(tmp_path: Path) -> None:
    """A small part of benchmarks/subtitles.py; of these two 14 seconds had no line once."""
    slugs = ["weather-warning", "yearly-check"]
    film = narrations.join(slugs, tmp_path)
    beside = Vocabulary("\n".join(map(narrations.beside, slugs)), domain_words())
    cues = make_cues(film, work_dir=tmp_path / "work", options=default_options(), vocabulary=beside)
    voiced = find_voice(film).voiced
    under_a_cue_ms = sum(span.overlap_ms(c.start_ms, c.end_ms) for span in voiced for c in cues)
    assert under_a_cue_ms >= 0.96 * sum(span.duration_ms for span in voiced)
    assert not any(cue.is_hole for cue in cues)
    said = numbers_as_written("".join(map(narrations.said, slugs)))
    assert character_error_rate(said, "".join(cue.text for cue in cues)) <= 0.08


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
