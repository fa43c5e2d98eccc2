from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subtitles.chinese.cleaning import (
    clean_segments,
    phantom_lines,
    punctuate,
    simplify,
    traditional_characters,
)
from subtitles.chinese.words import domain_prompt, domain_words
from subtitles.engines import Segment, Word


def heard(text: str, *, sure: bool = True, compression_ratio: float = 1.2) -> Segment:
    """A segment of which each character takes 200 ms."""
    words = tuple(
        Word(200 * i, 200 * (i + 1), character, 0.9 if sure else 0.2)
        for i, character in enumerate(text)
    )
    return Segment(
        start_ms=0,
        end_ms=200 * len(text),
        text=text,
        words=words,
        no_speech_probability=0.01 if sure else 0.8,
        avg_logprob=-0.2 if sure else -1.1,
        compression_ratio=compression_ratio,
    )


def cleaned(text: str, *, sure: bool = True, compression_ratio: float = 1.2) -> str:
    segment = heard(text, sure=sure, compression_ratio=compression_ratio)
    return "".join(sentence.text for sentence in clean_segments([segment]))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("歡迎來到我們的手機課堂。", "欢迎来到我们的手机课堂。"),
        ("看著屏幕不要著急", "看着屏幕不要着急"),
        ("这部著作很著名", "这部著作很著名"),
        ("点一下滑鼠,打开网路", "点一下鼠标，打开网络"),
        ("大家好,你们好吗?", "大家好，你们好吗？"),
        ("大家好 欢迎来到课堂", "大家好，欢迎来到课堂"),
        ("打 110 报警", "打110报警"),
        ("一共３.５元,１２:３０开始", "一共3.5元，12:30开始"),
        ("转了1,000元,不要慌", "转了1,000元，不要慌"),
        ("连上WiFi,再打开App.", "连上WiFi，再打开App。"),
        ('他说"不要怕"', "他说“不要怕”"),
        ("等一等...好了", "等一等……好了"),
        ("(音乐)大家好。", "大家好。"),
        ("♪♪", ""),
        ("今年六十岁,打幺二零", "今年60岁，打120"),
        ("八八八八八八", "888888"),
    ],
)
def test_it_writes_as_mainland_readers_do(written: str, read: str) -> None:
    assert cleaned(written) == read


@given(st.text(alphabet='歡迎著急軟體滑鼠點擊螢幕網路手机ａ１,.?!: ()"…，。', max_size=30))
def test_cleaning_leaves_no_traditional_character_and_times_run_forwards(text: str) -> None:
    for segment in clean_segments([heard(text)] if text else []):
        assert not traditional_characters(segment.text)
        assert "".join(word.text for word in segment.words) == segment.text
        assert all(len(word.text) == 1 for word in segment.words)
        assert all(a.start_ms <= a.end_ms <= b.end_ms for a, b in pairwise(segment.words))


@given(st.text(alphabet='大家好手机１,.?! ()"…，。3a', max_size=30))
@example(".. .")
def test_punctuating_twice_changes_nothing_more(text: str) -> None:
    once = punctuate(text)
    assert punctuate(once) == once


def test_it_leaves_our_own_words_alone() -> None:
    for word in domain_words():
        assert simplify(word) == word


def test_a_character_keeps_its_time_when_others_change() -> None:
    [segment] = clean_segments([heard("他點了滑鼠,然後走了")])
    assert {word.text: word.start_ms for word in segment.words}["走"] == 8 * 200


@pytest.mark.parametrize(
    "line",
    [
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "字幕由Amara.org社区提供",
        "中文字幕志愿者 李宗盛",
        "優優獨播劇場——YoYo Television Series Exclusive",
        "詞曲 李宗盛",
    ],
)
def test_lines_that_engines_invent_are_removed(line: str) -> None:
    assert cleaned(line) == ""


def test_an_invented_line_goes_and_what_was_said_stays() -> None:
    assert cleaned("今天就学到这里。字幕由Amara.org社区提供。") == "今天就学到这里。"


def test_what_a_teacher_may_say_goes_only_where_the_engine_is_unsure() -> None:
    assert cleaned("谢谢大家。") == "谢谢大家。"
    assert cleaned("谢谢大家。", sure=False) == ""


def test_no_phantom_line_is_a_word_of_our_lessons() -> None:
    assert not [word for word in domain_words() for line in phantom_lines() if line in word]


def test_a_prompt_given_back_is_not_speech() -> None:
    assert clean_segments([heard(domain_prompt())], prompt=domain_prompt()) == [
        segment
        for segment in clean_segments([heard(domain_prompt())])
        if segment.text == "各位叔叔阿姨，大家好。"
    ]


def test_what_is_repeated_over_and_over_is_written_once() -> None:
    assert cleaned("点这里" * 9) == "点这里"
    assert cleaned("对对对，就是这样。") == "对对对，就是这样。"
    assert cleaned("账号是100000000。") == "账号是100000000。"


def test_a_segment_that_the_decoder_itself_calls_a_loop_is_removed() -> None:
    assert cleaned("大家好。", compression_ratio=3.0) == ""


def test_a_scrap_of_sound_that_the_engine_could_not_make_out_is_removed() -> None:
    assert cleaned("坐一坐", sure=False) == ""
    assert cleaned("坐一坐") == "坐一坐"
    assert cleaned("我们坐一坐再走", sure=False) == "我们坐一坐再走"


def test_a_sentence_is_not_repeated_a_third_time() -> None:
    texts = [segment.text for segment in clean_segments([heard("好的，再来一次。")] * 5)]
    assert texts == ["好的，再来一次。"]
    assert len(clean_segments([heard("好的，再来一次。")] * 2)) == 2


def test_a_number_in_figures_keeps_the_time_of_its_words() -> None:
    [sentence] = clean_segments([heard("打九五九八，三十五岁")])
    assert sentence.text == "打9598，35岁"
    times = {word.text: (word.start_ms, word.end_ms) for word in sentence.words}
    assert times["打"] == (0, 200)
    assert times["8"] == (800, 1_000)
    assert times["3"][0] == 1_200
    assert times["岁"] == (1_800, 2_000)


def test_an_engine_that_does_not_tell_how_sure_it_was_is_not_taken_to_be_unsure() -> None:
    silent = replace(
        heard("谢谢观看"),
        words=tuple(replace(word, probability=None) for word in heard("谢谢观看").words),
        no_speech_probability=None,
        avg_logprob=None,
        compression_ratio=None,
    )
    assert cleaned("谢谢观看", sure=False) == ""
    assert [sentence.text for sentence in clean_segments([silent])] == ["谢谢观看"]
    half_told = replace(silent, words=(*silent.words[:-1], Word(600, 800, "看", 0.1)))
    assert clean_segments([half_told]) == []
    scrap = replace(silent, end_ms=500)
    assert len(clean_segments([scrap])) == 1
