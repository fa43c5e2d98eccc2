from io import StringIO

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from subtitles.cues import Cue
from subtitles.cues.formats import to_srt, to_vtt

LINES = st.text(alphabet="大家好a1，。 ", min_size=1, max_size=14).filter(str.strip)
CUES = st.lists(
    st.builds(
        Cue,
        start_ms=st.integers(0, 20_000_000),
        end_ms=st.integers(20_000_001, 40_000_000),
        lines=st.lists(LINES.map(str.strip), min_size=1, max_size=2).map(tuple),
    ),
    max_size=5,
)


@given(CUES)
def test_another_reader_of_webvtt_finds_the_same_cues(cues: list[Cue]) -> None:
    read = webvtt.from_buffer(StringIO(to_vtt(cues, machine_made=True)))
    assert [tuple(caption.lines) for caption in read.captions] == [cue.lines for cue in cues]
    assert [caption.start_in_seconds for caption in read.captions] == [
        cue.start_ms // 1000 for cue in cues
    ]


def test_vtt_is_written_to_the_letter() -> None:
    cues = [Cue(500, 3_661_007, ("今天<b>&", "a-->b。")), Cue(3_700_000, 3_702_000, ("好。",))]
    assert to_vtt(cues, machine_made=True) == (
        "WEBVTT\n\nNOTE 机器字幕，未经核对\n\n"
        "1\n00:00:00.500 --> 01:01:01.007\n今天&lt;b&gt;&amp;\na--&gt;b。\n\n"
        "2\n01:01:40.000 --> 01:01:42.000\n好。\n"
    )


@pytest.mark.parametrize(
    "blank",
    ["\n\n", "\r\r", "\r\n\r\n", "\n \n", "\n\u00a0\n", "\u2028\u2028", "\u2029", "\v\v", "\f",
     "\x85\n", "\n\u3000\n"],
)  # fmt: skip
def test_no_blank_line_within_a_line_ends_its_cue(blank: str) -> None:
    hostile = f"好{blank}00:00:05.000 --> 00:00:09.000{blank}不好{blank}"
    cues = [Cue(1_000, 3_000, (hostile,)), Cue(3_000, 4_000, ("再见。",))]
    vtt = webvtt.from_buffer(StringIO(to_vtt(cues, machine_made=False)))
    assert [caption.start_in_seconds for caption in vtt.captions] == [1, 3]
    assert vtt.captions[0].lines[-1] == "不好"
    blocks = to_srt(cues).rstrip("\n").split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == ["1", "2"]
    assert "--&gt;" in to_vtt(cues, machine_made=False)


def test_reviewed_subtitles_carry_no_machine_mark() -> None:
    assert to_vtt([], machine_made=False) == "WEBVTT\n"


def test_srt_is_written_to_the_letter() -> None:
    cues = [Cue(500, 2000, ("今天 & 明天", "好。")), Cue(3000, 4500, ("好。",))]
    assert to_srt(cues) == (
        "1\n00:00:00,500 --> 00:00:02,000\n今天 & 明天\n好。\n\n"
        "2\n00:00:03,000 --> 00:00:04,500\n好。\n"
    )
