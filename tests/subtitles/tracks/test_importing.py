"""Subtitle files that people bring: taken as they are, or refused in words."""

import pytest

from subtitles.cues import Cue
from subtitles.cues.formats import to_ass, to_srt, to_vtt
from subtitles.tracks.importing import MAX_BYTES, UnreadableFile, read_cues

SRT = """1
00:00:01,000 --> 00:00:03,000
大家好，<i>今天</i>学挂号。

2
00:00:03,500 --> 00:00:05,000
先打开{\\an8}微信，
再点“我”。
"""
TRADITIONAL = "1\n00:00:01,000 --> 00:00:03,000\n大家好，今天學習掛號與手機支付。\n"
KOREAN = "1\n00:00:01,000 --> 00:00:03,000\n안녕하세요 여러분 오늘은 휴대폰 사용법을 배웁니다\n"


def read(text: str, name: str = "课.srt", end_ms: int | None = None, encoding: str = "utf-8"):
    read = read_cues(text.encode(encoding), name=name, end_ms=end_ms)
    return [(row.start_ms, row.end_ms, row.text) for row in read.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312"])
def test_chinese_of_any_editor_is_read_and_styles_are_left_out(encoding):
    assert read(SRT, encoding=encoding) == [
        (1_000, 3_000, "大家好，今天学挂号。"),
        (3_500, 5_000, "先打开微信，\n再点“我”。"),
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "big5"),
        (KOREAN, "euc_kr"),
        ("1\n00:00:01,000 --> 00:00:03,000\nПривет всем\n", "cp1251"),
        ("1\n00:00:01,000 --> 00:00:03,000\nみなさん、こんにちは\n", "shift_jis"),
    ],
)
def test_another_encoding_is_refused_with_the_way_out(text, encoding):
    with pytest.raises(UnreadableFile, match="另存为 UTF-8"):
        read(text, encoding=encoding)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (SRT.replace("00:00:03,000", "00:00:3x,000"), "第2行的时间写得不对"),
        (SRT.replace("00:00:03,000", "00:75:03,000"), "第2行的时间写得不对"),
        (SRT.replace("00:00:03,500", "00:00:02,500"), "第1条和第2条（0:02）的时间重叠了"),
        (SRT.replace("00:00:03,000", "00:00:00,500"), "第1条（0:01）：结束时间要在开始时间之后"),
        (SRT.replace("00:00:03,500 --> 00:00:05", "00:01:03,500 --> 00:01:05"), "已经放完了"),
        (SRT.replace("学挂号", "学" * 121), "文字太长"),
    ],
)
def test_each_fault_is_named_by_its_place(text, fault):
    with pytest.raises(UnreadableFile, match="没有导入") as refused:
        read(text, end_ms=10_000)
    assert any(fault in one for one in refused.value.faults)


GOOD_ASS = "[Events]\nDialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,大家好，再见\n"


def vtt(times: str) -> str:
    return f"WEBVTT\n\n00:01.000 --> 00:03.000\n大家好。\n\n{times}\n再见。\n"


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        *((SRT.replace("00:00:03,500 --> 00:00:05,000", times), "课.srt", 6) for times in [
            "00:03,500 --> 00:05,000",
            "100:00:03,500 --> 100:00:05,000",
            "00:00:03,5 --> 00:00:05,0",
            "00:00:03 --> 00:00:05",
            "00:00:03:500 --> 00:00:05:000",
            "00：00：03，500 --> 00：00：05，000",
            "-00:00:03,500 --> 00:00:05,000",
            "00:00:03,500 -> 00:00:05,000",
            "00:03,500 -> 00:05,000",
            "三秒 --> 五秒",
            "00:00:03,500 --> 00:00:05,000 00:00:06,000",
        ]),
        *((vtt(times), "课.vtt", 6) for times in [
            "00:03,500 --> 00:05,000",
            "00:03.5 --> 00:05.000",
            "00:03.50 --> 00:05.000",
            "00:03.500 --> 00:05.0000",
            "-00:03.500 --> 00:05.000",
            "00:03.500 --> 00:65.000",
            "00:03.500 > 00:05.000",
        ]),
        *((GOOD_ASS.replace("0:00:01.00", time), "课" + suffix, 2) for suffix, time in [
            (".ass", "-0:00:01.00"),
            (".ass", "00:01.00"),
            (".ass", "0:00:01"),
            (".ass", "0:00:01.5"),
            (".ass", "0:75:01.00"),
            (".ssa", "-0:00:01.00"),
        ]),
        ("1\n00:00:01,000 --> 00:00:03,000\n从00:00:05,000到00:00:09,000\n", "课.srt", 3),
    ],
)  # fmt: skip
def test_a_time_in_another_writing_is_refused_and_never_read_as_text(text, name, line):
    with pytest.raises(UnreadableFile, match="没有导入") as refused:
        read(text, name)
    [fault] = refused.value.faults
    assert fault.startswith(f"第{line}行的时间写得不对")
    assert "正确写法" in fault


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1\n00:00:01,000 --> 00:00:03,000\n大家好，再见\n", "课.srt"),
        ("1\n00:00:01.000 --> 00:00:03.000 X1:10 X2:20 Y1:1 Y2:2\n大家好，再见\n", "课.srt"),
        ("WEBVTT\n\n00:01.000 --> 00:03.000 align:start line:90%\n大家好，再见\n", "课.vtt"),
        ("WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\n<v 老师>大家好，再见\n", "课.vtt"),
        ("WEBVTT - 课\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:03.000\n大家好，再见\n", "课.vtt"),
        ("WEBVTT\n\nNOTE\n从 00:01.000 到 00:02.000\n\n00:01.000 --> 00:03.000\n大家好，再见\n",
         "课.vtt"),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\n大家好，再见\n\nNOTE 完\n写于九月\n", "课.vtt"),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\n<00:01.500>大家好，<00:02.000>再见\n", "课.vtt"),
        (GOOD_ASS, "课.ass"),
        (GOOD_ASS.replace("Dialogue: 0,", "Dialogue: Marked=0, "), "课.ssa"),
        (GOOD_ASS + "Comment: 0,-0:00:01.00,0:00:03.00,Default,,0,0,0,,别看\n", "课.ass"),
    ],
)  # fmt: skip
def test_what_a_format_allows_is_read(text, name):
    assert read(text, name) == [(1_000, 3_000, "大家好，再见")]


@pytest.mark.parametrize("words", ["设置 --> 通用", "--> 往下看", "早上8:30到11:30", "8:30-11:30"])
def test_an_arrow_or_an_hour_within_a_text_is_text(words):
    assert read(f"1\n00:00:01,000 --> 00:00:03,000\n点这里\n{words}\n") == [
        (1_000, 3_000, f"点这里\n{words}")
    ]


OVERLAP = """1
00:00:00,300 --> 00:00:03,600
大爷大妈，下午好。

2
00:00:03,500 --> 00:00:09,200
今天讲三件事，买火车票。
"""


def test_an_overlap_of_a_moment_is_trimmed_and_told():
    read = read_cues(OVERLAP.encode(), name="课.srt", end_ms=10_000)
    assert [(row.start_ms, row.end_ms) for row in read.rows] == [(300, 3_420), (3_500, 9_200)]
    assert read.mended == "有1条和下一条重叠了一点，已经改成早一点结束。第一处在0:00。"
    assert read_cues(SRT.encode(), name="课.srt", end_ms=None).mended == ""


@pytest.mark.parametrize(("end", "is_taken"), [("03,999", True), ("04,000", False)])
def test_an_overlap_of_half_a_second_is_for_its_author_to_mend(end, is_taken):
    text = OVERLAP.replace("03,600", end)
    if is_taken:
        assert read(text)[0][1] == 3_420
    else:
        with pytest.raises(UnreadableFile) as refused:
            read(text)
        assert refused.value.faults == ["第1条和第2条（0:03）的时间重叠了。"]


def test_of_two_cues_that_begin_together_none_is_trimmed_away():
    with pytest.raises(UnreadableFile, match="没有导入"):
        read(OVERLAP.replace("00:00:03,500 --> 00:00:09,200", "00:00:00,300 --> 00:00:00,700"))


def test_a_cue_may_outlast_the_film_by_a_second_and_no_more():
    text = "1\n00:00:01,000 --> 00:00:03,000\n大家好\n"
    assert read(text, end_ms=2_000) == [(1_000, 3_000, "大家好")]
    with pytest.raises(UnreadableFile, match="没有导入") as refused:
        read(text, end_ms=1_999)
    assert refused.value.faults == ["第1条（0:01）：结束时间比视频还长，请改短一点。"]


def test_a_long_list_of_faults_is_cut_and_counted():
    with pytest.raises(UnreadableFile) as refused:
        read("\n\n".join(f"{n}\n00:00:0x,000 --> 1\n好" for n in range(1, 13)))
    assert len(refused.value.faults) == 9
    assert refused.value.faults[-1] == "还有4处。"


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.srt", "没有字幕"),
        ("只有字，没有时间。".encode(), "a.vtt", "没有字幕"),
        (b"\x89PNG\r\n\0\0\xff", "a.ass", "编码"),
        (b"x", "a.docx", "SRT、VTT 或 ASS"),
        (b"1" * (MAX_BYTES + 1), "a.srt", "太大"),
    ],
)
def test_what_holds_no_subtitles_is_refused(content, name, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read_cues(content, name=name, end_ms=None)


def test_what_we_write_we_read_again():
    cues = [Cue(1_000, 3_000, ("第一行 & 一半，", "第二行。")), Cue(3_500, 5_000, ("1 < 2",))]
    expected = [(cue.start_ms, cue.end_ms, "\n".join(cue.lines)) for cue in cues]
    assert read(to_srt(cues)) == expected
    assert read(to_vtt(cues, machine_made=True), "课.vtt") == expected
    assert read(to_ass(cues), "课.ass") == expected
