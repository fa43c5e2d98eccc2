"""How probably each character that a machine wrote is right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtitles.chinese.homophones import Vocabulary
from subtitles.cues import DOUBTFUL_WORD, build_cues
from subtitles.engines import Segment, Word
from subtitles.recognition.doubts import WEIGHTS, judged, signs_of

LESSON = "把手机投屏到电视上，看得更清楚。先打开手机，点一下投屏，再点电视的名字。"


def said(text: str, *probabilities: float | None) -> Segment:
    """A cleaned sentence; the last probability is that of all characters that follow, too."""
    told = [*probabilities, *probabilities[-1:] * len(text)]
    words = tuple(
        Word(200 * i, 200 * (i + 1), character, probability)
        for i, (character, probability) in enumerate(zip(text, told, strict=False))
    )
    return Segment(0, 200 * len(text), text, words)


def rightness(text: str, *probabilities: float, vocabulary: Vocabulary) -> list[float]:
    [sentence] = judged([said(text, *probabilities)], vocabulary)
    return told_of(sentence)


def told_of(sentence: Segment) -> list[float]:
    return [word.probability for word in sentence.words if word.probability is not None]


@pytest.fixture(scope="module")
def lesson() -> Vocabulary:
    return Vocabulary(LESSON, ["健康码", "网约车"])


def test_a_lone_rare_character_is_lit_where_a_word_of_the_lesson_is_not(lesson):
    """The engine was equally unsure of both."""
    sentences = [said("打开手机点一下投屏。", 0.7), said("再点髯的名字。", 0.7)]
    cues = build_cues(judged(sentences, lesson), media_end_ms=5_000)
    lit = [cue.text[doubt.start : doubt.end] for cue in cues for doubt in cue.doubts]
    assert any("髯" in word for word in lit)
    assert not any(word in "".join(lit) for word in ("打开", "手机", "投屏"))


def test_what_sounds_like_a_word_of_the_lesson_is_lit(lesson):
    heard = rightness("点一下头瓶", 0.9, vocabulary=lesson)
    without = rightness("点一下头瓶", 0.9, vocabulary=Vocabulary(LESSON.replace("投屏", "播放")))
    assert min(heard[3:5]) < DOUBTFUL_WORD
    assert all(a < b for a, b in zip(heard[3:5], without[3:5], strict=True))


@pytest.mark.parametrize("character", range(5))
def test_the_surer_the_engine_the_more_probably_it_is_right(lesson, character):
    unsure, sure = [0.6] * 5, [0.6] * 5
    sure[character] = 0.95
    for before, after in zip(
        rightness("看得更清楚", *unsure, vocabulary=lesson),
        rightness("看得更清楚", *sure, vocabulary=lesson),
        strict=True,
    ):
        assert before <= after


def test_a_film_without_a_lesson_is_not_lit_from_end_to_end():
    sentences = [said("今天我们一起来学习怎么用手机付款。", 0.97)]
    for vocabulary in (Vocabulary(""), Vocabulary("红烧肉要小火慢慢炖。")):
        [sentence] = judged(sentences, vocabulary)
        assert min(told_of(sentence)) > DOUBTFUL_WORD


def test_marks_letters_and_figures_keep_what_the_engine_said(lesson):
    told = rightness("打95598，用WiFi。", 0.42, vocabulary=lesson)
    kept = {i for i, probability in enumerate(told) if probability == 0.42}
    assert kept == {1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12}


def test_of_an_engine_that_tells_nothing_nothing_is_judged(lesson):
    silent = [said("点一下头瓶，再点髯。", None)]
    assert judged(silent, lesson) == silent


def test_every_weight_has_its_sign_and_every_sign_its_weight(lesson):
    [signs] = signs_of([said("看，髯", 0.5)], lesson)
    assert [one and set(one) for one in signs] == [set(WEIGHTS), None, set(WEIGHTS)]


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from("手机投屏电视头瓶髯的了，。a7 "), st.none() | st.floats(0.0, 1.0)
            ),
            min_size=1,
            max_size=12,
        ),
        max_size=4,
    )
)
def test_words_and_times_stay_and_probabilities_are_probabilities(film):
    sentences = [said("".join(c for c, _p in row), *(p for _c, p in row)) for row in film]
    after = judged(sentences, Vocabulary(LESSON))
    assert [one.text for one in after] == [one.text for one in sentences]
    for before, now in zip(sentences, after, strict=True):
        for word, told in zip(before.words, now.words, strict=True):
            assert (word.start_ms, word.end_ms, word.text) == (
                told.start_ms,
                told.end_ms,
                told.text,
            )
            if word.probability is None:
                assert told.probability is None
            else:
                assert told.probability is not None
                assert 0 <= told.probability <= 1
