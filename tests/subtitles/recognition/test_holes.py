"""Where the voice filter hears somebody and the engine writes nothing: heard again, or marked."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks import narrations
from subtitles.cues import UNHEARD, build_cues
from subtitles.engines import Segment, Word
from subtitles.engines.speech import SpeechSpan, find_voice, read_wav
from subtitles.recognition.holes import RETRIES, Retry, fill_holes, find_holes, marked
from subtitles.recognition.machine import default_options, make_cues
from tests.subtitles.sounds import write_wav

HOLE = SpeechSpan(10_000, 13_000)


def said(text: str, start_ms: int, *, pace_ms: int = 200, logprob: float = -0.2) -> Segment:
    words = tuple(
        Word(start_ms + i * pace_ms, start_ms + (i + 1) * pace_ms, character, 0.9)
        for i, character in enumerate(text)
    )
    return Segment(start_ms, words[-1].end_ms, text, words, avg_logprob=logprob)


BEFORE, AFTER = said("先点开微信再点右上角的加号", 7_400), said("对准方块图", 13_000)
WORDS = "找到扫一扫点一下就打开了镜头来"  # 15 characters: 3 s, as long as the hole


def hearing(
    *answers: list[Segment],
) -> tuple[Callable[[SpeechSpan, Retry], list[Segment]], list[Retry]]:
    """What each way of hearing gives, in turn; and the ways that were asked for."""
    asked: list[Retry] = []

    def hear(hole: SpeechSpan, retry: Retry) -> list[Segment]:
        assert hole == HOLE
        asked.append(retry)
        return answers[len(asked) - 1]

    return hear, asked


def test_voice_that_words_cover_is_no_hole() -> None:
    assert find_holes([SpeechSpan(7_000, 14_200)], [BEFORE, said(WORDS, 10_000), AFTER]) == []


def test_voice_without_words_is_a_hole() -> None:
    assert find_holes([SpeechSpan(7_400, 14_000)], [BEFORE, AFTER]) == [HOLE]
    assert find_holes([HOLE], []) == [HOLE]


@pytest.mark.parametrize("length_ms", [1_400, 1_500])
def test_a_moment_without_words_is_no_hole(length_ms: int) -> None:
    assert find_holes([SpeechSpan(0, length_ms)], []) == []


def test_pieces_of_voice_with_short_silences_between_are_one_hole() -> None:
    pieces = [SpeechSpan(0, 900), SpeechSpan(2_000, 2_900), SpeechSpan(9_000, 10_000)]
    assert find_holes(pieces, []) == [SpeechSpan(0, 2_900)]  # what follows is a second by itself


def test_a_word_between_parts_two_holes() -> None:
    pieces = [SpeechSpan(0, 1_600), SpeechSpan(1_800, 2_000), SpeechSpan(2_300, 4_000)]
    assert find_holes(pieces, [said("好", 1_800)]) == [
        SpeechSpan(0, 1_600),
        SpeechSpan(2_300, 4_000),
    ]


def test_what_nobody_understands_for_long_is_several_holes() -> None:
    holes = find_holes([SpeechSpan(0, 150_000), SpeechSpan(150_500, 170_000)], [])
    assert holes == [
        SpeechSpan(0, 60_000),
        SpeechSpan(60_000, 120_000),
        SpeechSpan(120_000, 170_000),
    ]


def test_what_the_first_way_hears_closes_a_hole() -> None:
    hear, asked = hearing([said(WORDS, 10_000)])
    sentences, left = fill_holes([HOLE], [BEFORE, AFTER], hear=hear)
    assert [sentence.text for sentence in sentences] == [BEFORE.text, WORDS, AFTER.text]
    assert left == []
    assert asked == [RETRIES[0]]


def test_a_hole_is_heard_in_other_ways_until_one_closes_it() -> None:
    guess = said(WORDS, 10_000, logprob=-1.5)
    hear, asked = hearing([], [guess], [said(WORDS, 10_000)])
    sentences, left = fill_holes([HOLE], [BEFORE, AFTER], hear=hear)
    assert asked == list(RETRIES)
    assert [sentence.text for sentence in sentences] == [BEFORE.text, WORDS, AFTER.text]
    assert left == []


def test_what_no_way_hears_stays_a_hole() -> None:
    hear, _asked = hearing([], [], [])
    assert fill_holes([HOLE], [BEFORE, AFTER], hear=hear) == ([BEFORE, AFTER], [HOLE])


def test_the_way_that_leaves_least_is_kept_and_the_rest_stays_a_hole() -> None:
    hear, _asked = hearing([said("找到扫", 10_000)], [said("找到扫一扫", 10_000)], [])
    sentences, left = fill_holes([HOLE], [BEFORE, AFTER], hear=hear)
    assert sentences[1].text == "找到扫一扫"
    assert left == [SpeechSpan(11_000, 13_000)]


def test_words_that_were_pressed_in_beside_a_hole_are_not_written_twice() -> None:
    pressed = said(WORDS, 9_400, pace_ms=40)
    hear, _asked = hearing([said(WORDS, 10_000)])
    assert fill_holes([HOLE], [pressed, AFTER], hear=hear) == ([pressed, AFTER], [])


def test_what_a_teacher_says_twice_is_written_twice() -> None:
    once = said(WORDS, 6_000)
    hear, _asked = hearing([said(WORDS, 10_000)])
    sentences, left = fill_holes([HOLE], [once, AFTER], hear=hear)
    assert [sentence.text for sentence in sentences] == [WORDS, WORDS, AFTER.text]
    assert left == []


def test_only_what_is_said_in_the_hole_is_taken_from_its_surroundings() -> None:
    around = said("的加号" + WORDS + "对准方块图", 9_400)
    hear, _asked = hearing([], [around])
    sentences, left = fill_holes([HOLE], [BEFORE, AFTER], hear=hear)
    assert sentences[1].text == WORDS
    assert left == []


def test_a_hole_is_a_cue_of_its_own_between_the_words() -> None:
    sentence = said("先点开微信。", 1_000)
    later = said("再点右上角。", 12_000)
    whole = Segment(1_000, later.end_ms, "", (*sentence.words, *later.words))
    cues = build_cues(marked([whole], [SpeechSpan(2_500, 11_500)]), media_end_ms=20_000)
    assert [cue.text for cue in cues] == ["先点开微信。", UNHEARD, "再点右上角。"]
    assert (cues[1].start_ms, cues[1].end_ms) == (2_500, 11_500)
    assert cues[0].end_ms < cues[1].start_ms
    assert cues[1].probability is None
    assert cues[1].doubts == ()


@pytest.mark.thorough("Whisper hears it four times; holes between made-up words are marked above")
def test_two_people_at_once_are_not_passed_over(tmp_path: Path) -> None:
    voices = [
        read_wav(narrations.extract(slug, tmp_path), SpeechSpan(0, 20_000)).astype(np.float64)
        for slug in ("after-scam", "bank-big-text")
    ]
    both = write_wav(tmp_path / "both.wav", voices[0] + voices[1])
    cues = make_cues(both, work_dir=tmp_path / "work", options=default_options())
    unshown = [
        Segment(cue.start_ms, cue.end_ms, "", (Word(cue.start_ms, cue.end_ms, "字", None),))
        for cue in cues
    ]
    assert find_holes(find_voice(both).voiced, unshown) == []  # no voice is without a cue
    assert any(cue.is_hole for cue in cues)
    assert any(cue.doubts for cue in cues)


@pytest.mark.thorough(
    "Whisper hears it four times; holes between words that are made up are marked above"
)
def test_a_voice_under_loud_noise_is_marked(tmp_path: Path) -> None:
    voice = read_wav(narrations.extract("age-allowance", tmp_path), SpeechSpan(0, 4_000))
    loud = np.abs(voice).std() * 3
    noise = np.random.default_rng(1).standard_normal(len(voice)) * loud
    recording = write_wav(tmp_path / "loud.wav", (voice + noise).astype(np.float64))
    cues = make_cues(recording, work_dir=tmp_path / "work", options=default_options())
    assert find_voice(recording).voiced
    assert any(cue.is_hole for cue in cues)
