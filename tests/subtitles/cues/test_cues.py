"""Every rule for cues as a property, over speech of all speeds and pauses."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from subtitles.chinese.cleaning import spoken_text
from subtitles.chinese.words import PARTICLES, least_sure, split_unbreakable
from subtitles.cues import (
    EXTRA_LARGE,
    STANDARD,
    UNHEARD,
    Cue,
    CueRules,
    build_cues,
    reading_speed,
    text_width,
    wrap_lines,
)
from subtitles.cues.problems import Reason, cuts_word, find_problems, starts_badly
from subtitles.engines import Segment, Word

VOCABULARY = [
    *["大家", "今天", "我们", "一起", "学习", "手机", "银行卡密码", "家里人", "二维码", "网约车"],
    *[
        "的",
        "了",
        "吗",
        "先",
        "打开",
        "微信支付",
        "不要",
        "着急",
        "打110",
        "连WiFi",
        "慢慢地",
        "再",
    ],
]
MARKS = ["", "", "", "，", "、", "。", "？"]
RULES = st.sampled_from([STANDARD, EXTRA_LARGE])


@st.composite
def sentences(draw: st.DrawFn, *, slowest_ms: int = 450, fastest_ms: int = 60) -> list[Segment]:
    """Segments of words, with pauses up to 3 s; `..._ms` are milliseconds a character."""
    now = draw(st.integers(0, 2000))
    segments = []
    for _i in range(draw(st.integers(1, 4))):
        words: list[Word] = []
        for _j in range(draw(st.integers(1, 14))):
            text = draw(st.sampled_from(VOCABULARY)) + draw(st.sampled_from(MARKS))
            pace = draw(st.integers(fastest_ms, slowest_ms))
            for character in text:
                end = now + pace * character.isalnum()
                words.append(Word(now, end, character, draw(st.sampled_from([0.2, 0.9]))))
                now = end
            now += draw(st.sampled_from([0, 0, 0, 0, 200, 500, 1600, 3000]))
        segments.append(
            Segment(
                start_ms=words[0].start_ms,
                end_ms=words[-1].end_ms,
                text="".join(word.text for word in words),
                words=tuple(words),
                no_speech_probability=0.0,
                avg_logprob=-0.1,
                compression_ratio=1.0,
            )
        )
    return segments


def end_of(segments: list[Segment]) -> int:
    return segments[-1].end_ms


def text_of(segments: list[Segment]) -> str:
    return "".join(segment.text for segment in segments)


@given(sentences(), RULES, st.integers(0, 3000))
def test_it_loses_no_word_and_adds_none(
    segments: list[Segment], rules: CueRules, rest_ms: int
) -> None:
    cues = build_cues(segments, rules=rules, media_end_ms=end_of(segments) + rest_ms)
    assert "".join(cue.text for cue in cues) == text_of(segments)


@given(sentences(), RULES)
def test_no_line_is_wider_than_the_screen_allows(segments: list[Segment], rules: CueRules) -> None:
    for cue in build_cues(segments, rules=rules, media_end_ms=end_of(segments)):
        assert all(text_width(line) <= rules.line_width for line in cue.lines)
        assert 1 <= len(cue.lines) <= rules.lines


@given(sentences(), RULES)
def test_it_never_cuts_a_word(segments: list[Segment], rules: CueRules) -> None:
    cues = build_cues(segments, rules=rules, media_end_ms=end_of(segments))
    assert not any(cuts_word(cue) for cue in cues)
    allowed, offset = {0}, 0
    for segment in segments:
        for piece in split_unbreakable(segment.text):
            offset += len(piece)
            allowed.add(offset)
    offset = 0
    for cue in cues:
        assert offset in allowed
        offset += len(cue.text)


@given(sentences(), RULES)
def test_no_line_begins_with_a_mark_or_a_particle(segments: list[Segment], rules: CueRules) -> None:
    # Where a sentence itself begins with a particle there is nothing that it could cling to.
    assume(not any(segment.text[0] in PARTICLES for segment in segments))
    for cue in build_cues(segments, rules=rules, media_end_ms=end_of(segments)):
        assert not any(starts_badly(cue, line) for line in range(len(cue.lines)))


@given(sentences(), RULES, st.integers(0, 3000))
def test_cues_never_overlap_and_leave_two_frames(
    segments: list[Segment], rules: CueRules, rest_ms: int
) -> None:
    media_end_ms = end_of(segments) + rest_ms
    cues = build_cues(segments, rules=rules, media_end_ms=media_end_ms)
    assert cues[0].start_ms >= 0
    assert cues[-1].end_ms <= media_end_ms
    assert all(cue.start_ms < cue.end_ms for cue in cues)
    assert all(before.end_ms + rules.gap_ms <= after.start_ms for before, after in pairwise(cues))


@given(sentences(), RULES)
def test_no_cue_stands_longer_than_seven_seconds(segments: list[Segment], rules: CueRules) -> None:
    cues = build_cues(segments, rules=rules, media_end_ms=end_of(segments) + 9000)
    assert all(cue.duration_ms <= rules.longest_ms for cue in cues)


@given(sentences(fastest_ms=180), RULES)
def test_no_cue_flashes_by_at_a_teachers_pace(segments: list[Segment], rules: CueRules) -> None:
    cues = build_cues(segments, rules=rules, media_end_ms=end_of(segments) + 1200)
    assert all(cue.duration_ms >= rules.shortest_ms for cue in cues)


@given(sentences(), RULES)
def test_fast_speech_is_extended_into_the_silence_there_is(
    segments: list[Segment], rules: CueRules
) -> None:
    media_end_ms = end_of(segments) + 8000
    cues = build_cues(segments, rules=rules, media_end_ms=media_end_ms)
    nexts = [cue.start_ms for cue in cues[1:]] + [media_end_ms]
    for cue, next_ms in zip(cues, nexts, strict=True):
        if reading_speed(cue.text, duration_ms=cue.duration_ms) > rules.aimed_speed:
            assert cue.end_ms == min(next_ms - rules.gap_ms, cue.start_ms + rules.longest_ms)


@given(sentences(fastest_ms=182), RULES)
def test_no_cue_is_refused_when_the_teacher_speaks_slowly(
    segments: list[Segment], rules: CueRules
) -> None:
    for cue in build_cues(segments, rules=rules, media_end_ms=end_of(segments) + 1200):
        assert reading_speed(cue.text, duration_ms=cue.duration_ms) <= rules.refused_speed


@given(sentences(), RULES)
def test_a_cue_stands_while_it_is_spoken(segments: list[Segment], rules: CueRules) -> None:
    cues = build_cues(segments, rules=rules, media_end_ms=end_of(segments))
    characters = [word for segment in segments for word in segment.words]
    for cue in cues:
        inside, characters = characters[: len(cue.text)], characters[len(cue.text) :]
        assert cue.start_ms <= inside[0].start_ms
        spoken_ms = min(inside[-1].end_ms, cue.start_ms + rules.longest_ms)
        assert cue.end_ms >= spoken_ms - rules.gap_ms
        assert cue.probability == least_sure(inside)


@given(sentences())
def test_words_without_a_probability_are_neither_lit_nor_vouched_for(
    segments: list[Segment],
) -> None:
    untold = [
        replace(segment, words=tuple(replace(word, probability=None) for word in segment.words))
        for segment in segments
    ]
    told_cues = build_cues(segments, rules=STANDARD, media_end_ms=end_of(segments))
    cues = build_cues(untold, rules=STANDARD, media_end_ms=end_of(segments))
    assert [cue.text for cue in cues] == [cue.text for cue in told_cues]
    assert {(cue.probability, cue.doubts) for cue in cues} == {(None, ())}


@given(sentences(), RULES)
def test_each_word_of_a_cue_says_when_it_was_spoken(
    segments: list[Segment], rules: CueRules
) -> None:
    for cue in build_cues(segments, rules=rules, media_end_ms=60_000):
        text = "\n".join(cue.lines)
        told = "".join(text[time.start : time.end] for time in cue.word_times)
        assert spoken_text(told) == spoken_text(text)
        times = [at for time in cue.word_times for at in (time.start_ms, time.end_ms)]
        assert times == sorted(times)


@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map("".join), RULES)
def test_lines_are_balanced_as_well_as_any_break_could(text: str, rules: CueRules) -> None:
    lines = wrap_lines(text, rules=rules)
    if len(lines) != 2:
        return
    pieces = split_unbreakable(text)
    breaks = [("".join(pieces[:i]), "".join(pieces[i:])) for i in range(1, len(pieces))]
    fitting = [pair for pair in breaks if max(map(text_width, pair)) <= rules.line_width]
    assert unevenness(lines) == min(map(unevenness, fitting))


def unevenness(lines: tuple[str, ...]) -> float:
    return abs(text_width(lines[0]) - text_width(lines[1]))


def test_a_line_ends_at_a_mark_rather_than_in_the_middle() -> None:
    assert wrap_lines("今天我们一起来学习，怎样安全使用手机。") == (
        "今天我们一起来学习，",
        "怎样安全使用手机。",
    )


def test_a_word_wider_than_a_line_stays_whole_and_is_reported() -> None:
    [line] = wrap_lines("www.yinling-xuetang-guangzhou.example")
    assert reasons(Cue(0, 4000, (line,))) == {Reason.TOO_WIDE}


def test_silence_has_no_cues() -> None:
    assert build_cues([], media_end_ms=300_000) == []


def test_half_width_characters_count_half() -> None:
    assert text_width("打110，好") == 4.5
    assert reading_speed("打110，好。", duration_ms=1000) == 3.5


def reasons(cue: Cue, **how: object) -> set[Reason]:
    return {problem.reason for problem in find_problems(cue, **how)}  # type: ignore[arg-type]


GOOD = Cue(0, 3000, ("今天我们一起来学习", "怎样使用手机。"), 0.9)


@pytest.mark.parametrize(
    ("cue", "next_cue", "reason"),
    [
        (Cue(0, 3000, ("",)), None, Reason.EMPTY),
        (Cue(0, 6000, ("今天我们一起来学习怎样使用手机",)), None, Reason.TOO_WIDE),
        (Cue(0, 3000, ("今天", "我们", "学习。")), None, Reason.TOO_MANY_LINES),
        (Cue(0, 1300, ("今天我们一起来学习", "使用手机。")), None, Reason.TOO_FAST),
        (Cue(0, 2000, ("今天我们一起来学习", "使用手机。")), None, Reason.RATHER_FAST),
        (Cue(0, 1100, ("今天。",)), None, Reason.TOO_SHORT),
        (Cue(0, 7100, ("今天。",)), None, Reason.TOO_LONG),
        (GOOD, Cue(2900, 5000, ("今天。",)), Reason.OVERLAP),
        (GOOD, Cue(3040, 5000, ("今天。",)), Reason.NO_GAP),
        (Cue(0, 3000, ("今天我们学习", "的手机。")), None, Reason.BAD_LINE_START),
        (Cue(0, 3000, ("今天我们学习", "，手机。")), None, Reason.BAD_LINE_START),
        (Cue(0, 3000, ("告诉家里", "人。")), None, Reason.CUT_WORD),
        (Cue(0, 3000, ("打開手机。",)), None, Reason.TRADITIONAL),
        (Cue(0, 3000, ("今天。",), 0.1), None, Reason.DOUBTFUL),
    ],
)
def test_each_problem_is_found_by_itself(cue: Cue, next_cue: Cue | None, reason: Reason) -> None:
    assert reasons(cue, next_cue=next_cue) == {reason}


def test_a_good_cue_has_no_problem() -> None:
    assert find_problems(GOOD, next_cue=Cue(3080, 5000, ("今天。",))) == []


def test_a_hole_is_one_stop_however_long_it_lasts() -> None:
    assert reasons(Cue(0, 20_000, (UNHEARD,))) == {Reason.UNHEARD}


def test_every_problem_has_a_chinese_sentence() -> None:
    for reason in Reason:
        assert str(reason.label).endswith("。")


def test_a_dash_is_never_broken_in_two() -> None:
    lines = wrap_lines("先听到“嘟——”，再听到女儿的声音", rules=CueRules(line_width=8))
    assert lines == ("先听到", "“嘟——”，", "再听到女儿的声音")
