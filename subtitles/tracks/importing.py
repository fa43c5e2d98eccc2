"""Cues out of a subtitle file that somebody brings: SubRip, WebVTT or Advanced SubStation.

Players forgive what is wrong in a file; a teacher's lesson should not. So a file is taken as it
is or refused, with every fault named by its line or its cue. One thing is mended and told: a cue
that ends a moment after the next has begun.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath

import pysubs2
from django.utils.translation import gettext as _
from pysubs2.formats.subrip import SubripFormat
from pysubs2.formats.webvtt import WebVTTFormat

from subtitles.chinese.cleaning import simplify
from subtitles.cues import STANDARD
from subtitles.cues.formats import clock
from subtitles.models import LONGEST_TEXT, TrackCue

MAX_BYTES = 2 * 2**20
FORMATS = {".srt": "srt", ".vtt": "vtt", ".ass": "ass", ".ssa": "ssa"}
FAULTS_SHOWN = 8
#: Of the Chinese characters in a text that was read in its own encoding, nearly all are common,
#: and some are everyday ones; Korean bytes make neat but strange Chinese.
COMMON_SHARE = 0.9
EVERYDAY = frozenset(
    "的一是了不在有我他这个们来到大地为中你您说要就去会好看点上下人学手机今天请再谢用"
)
EVERYDAY_SHARE = 0.03

#: An overlap with the next cue up to this long is trimmed: programs round times, or leave a line a
#: little longer for the eye; in it less than three characters are read. A longer one is refused,
#: since it may be meant or a mistake, which only the author knows.
MOMENT_MS = 500
#: How far a last cue may outlast the film: programs round, and measure its length differently.
END_SLACK_MS = 1000

_SRT_TIME = r"\d{1,2}:[0-5]\d:[0-5]\d[,.]\d{3}"
_VTT_TIME = r"(?:\d{1,2}:)?[0-5]\d:[0-5]\d\.\d{3}"
_ASS_TIME = r"\d{1,2}:[0-5]\d:[0-5]\d\.\d{2}"
_ASS_LINE = re.compile(rf"\s*Dialogue:[^,]*,\s*{_ASS_TIME}\s*,\s*{_ASS_TIME}\s*,", re.ASCII)


@dataclass(frozen=True)
class Clocks:
    """How a format writes its times."""

    line: re.Pattern[str]  # one that says from when to when
    #: What pysubs2 takes for a time, wherever it stands: a line with two of them begins a cue.
    taken: re.Pattern[str] | None
    example: str


CLOCKS = {
    "srt": Clocks(
        re.compile(rf"\s*{_SRT_TIME}\s+-->\s+{_SRT_TIME}(\s.*)?$", re.ASCII),
        SubripFormat.TIMESTAMP,
        "00:00:01,000 --> 00:00:03,000",
    ),
    "vtt": Clocks(
        re.compile(rf"\s*{_VTT_TIME}\s+-->\s+{_VTT_TIME}(\s.*)?$", re.ASCII),
        WebVTTFormat.TIMESTAMP,
        "00:00:01.000 --> 00:00:03.000",
    ),
    "ass": Clocks(_ASS_LINE, None, "0:00:01.00,0:00:03.00"),
    "ssa": Clocks(_ASS_LINE, None, "0:00:01.00,0:00:03.00"),
}
#: A line of nothing but two times, whatever is wrong with them or with the arrow between.
_ONLY_TIMES = re.compile(
    r"[\s\-]*\d+(?:[:：]\d+)+[.,，。:：]\d+[\s<>=~\-–—→]+\d+(?:[:：]\d+)+[.,，。:：]\d+\s*$"
)
#: An arrow with what begins like a time before or after it.
_ARROW_AT_TIMES = re.compile(r"\W*\d+[:：].*-->|.*-->\W*\d+[:：]")
#: Of WebVTT: times within a text, as karaoke has them; blocks that nobody is shown.
_TIME_WITHIN = re.compile(rf"<{_VTT_TIME}>", re.ASCII)
_UNSHOWN = re.compile(r"(?<=\n\n)(?:NOTE|STYLE|REGION)(?:[ \t].*)?(?:\n.+)*(?=\n|\Z)")
_TAG = re.compile(r"\{[^}]*\}")


class UnreadableFile(Exception):
    """It cannot be taken; str() says why in one sentence, `faults` lists where, if known."""

    def __init__(self, reason: str, faults: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.faults = list(faults)


@dataclass(frozen=True)
class FileCues:
    """Rows, not saved and not judged, and in words what was mended of them; "" is nothing."""

    rows: list[TrackCue]
    mended: str


def read_cues(content: bytes, *, name: str, end_ms: int | None) -> FileCues:
    """Return what the file called `name` says.

    `end_ms`: where the video ends; None where that is not known. Raises UnreadableFile.
    """
    rows = read_rows(content, name=name)
    trimmed = trim_overlaps(rows, below_ms=MOMENT_MS)
    if faults := list(find_faults(rows, end_ms)):
        raise UnreadableFile(_("这个文件有错，没有导入。请改好再传："), shortened(faults))
    return FileCues(rows, trimmed_in_words(trimmed))


def trim_overlaps(rows: Sequence[TrackCue], *, below_ms: int | None) -> list[TrackCue]:
    """End each row before the next begins, and return those that were longer.

    The rows are in the order of time. `below_ms`: longer overlaps stay; None: all are trimmed. Two
    that begin together stay too, since nothing would be left of the first.
    """
    trimmed = []
    for row, after in pairwise(rows):
        overlap_ms = row.end_ms - after.start_ms
        is_short = below_ms is None or overlap_ms < below_ms
        if overlap_ms > 0 and is_short and row.start_ms < after.start_ms < after.end_ms:
            gap_ms = min(STANDARD.gap_ms, (after.start_ms - row.start_ms) // 2)
            row.end_ms = after.start_ms - gap_ms
            trimmed.append(row)
    return trimmed


def trimmed_in_words(trimmed: Sequence[TrackCue]) -> str:
    if not trimmed:
        return ""
    return _("有%(count)d条和下一条重叠了一点，已经改成早一点结束。第一处在%(at)s。") % {
        "count": len(trimmed),
        "at": clock(trimmed[0].start_ms),
    }


def read_rows(content: bytes, *, name: str) -> list[TrackCue]:
    """Return rows, not saved and not judged, in the order of time, whatever their times are.

    Raises UnreadableFile.
    """
    format_ = FORMATS.get(PurePath(name).suffix.lower())
    if format_ is None:
        raise UnreadableFile(_("这种文件读不了。请用 SRT、VTT 或 ASS 格式的字幕文件。"))
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("这个文件太大了，不像是字幕。字幕文件一般只有几十 KB。"))
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n")
    if format_ == "vtt":
        text = _UNSHOWN.sub(lambda found: "\n" * found[0].count("\n"), text)
        text = _TIME_WITHIN.sub("", text)
    check_clocks(text, format_)
    try:
        events = pysubs2.SSAFile.from_string(text, format_=format_)
    except (pysubs2.Pysubs2Error, ValueError, IndexError, KeyError) as e:
        raise UnreadableFile(_("这个文件的内容不是字幕，或者已经损坏。")) from e
    rows = [
        TrackCue(
            start_ms=event.start,
            end_ms=event.end,
            text=html.unescape(plain_text(event)) if format_ == "vtt" else plain_text(event),
        )
        for event in sorted(events, key=lambda event: (event.start, event.end))
        if not event.is_comment and not event.is_drawing
    ]
    rows = [row for row in rows if row.text]
    if not rows:
        raise UnreadableFile(_("这个文件里没有字幕。"))
    return rows


def decode(content: bytes) -> str:
    """Return the text: Unicode with its mark, UTF-8, or GB18030, which holds GBK and GB2312.

    Raises UnreadableFile for any other encoding, as far as that can be told.
    """
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    chinese = simplify("".join(c for c in text if "\u3400" <= c <= "\u9fff"))
    common = chinese.encode("gb2312", errors="ignore")
    everyday = sum(c in EVERYDAY for c in chinese)
    strange = sum(0xE000 <= ord(c) <= 0xF8FF or c == "\0" for c in text)  # nobody's characters
    is_neat = len(common) >= 2 * COMMON_SHARE * len(chinese)
    if strange or not is_neat or everyday < max(1, EVERYDAY_SHARE * len(chinese)):
        raise UnreadableFile(
            _("认不出这个文件的文字编码。请用记事本打开，另存为 UTF-8 编码，再传一次。")
        )
    return text


def check_clocks(text: str, format_: str) -> None:
    """Raises UnreadableFile, naming each line whose times are not written as they have to be.

    pysubs2 takes what it does not recognise for text of the cue before, or reads it wrongly.
    """
    clocks = CLOCKS[format_]
    faults: list[str] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if clocks.taken is None:
            is_right = clocks.line.match(line) or not line.strip().startswith("Dialogue:")
        else:
            stamps = len(clocks.taken.findall(line))
            if clocks.line.match(line):
                is_right = stamps == 2
            else:
                is_right = stamps != 2 and not tells_times(lines, number - 1, format_)
        if not is_right:
            faults.append(_("第%(line)d行的时间写得不对：%(words)s（正确写法：%(example)s）") % {
                "line": number, "words": line.strip()[:60], "example": clocks.example
            })  # fmt: skip
    if faults:
        raise UnreadableFile(_("这个文件有错，没有导入。请改好再传："), shortened(faults))


def tells_times(lines: Sequence[str], at: int, format_: str) -> bool:
    """Whether a line is meant to say from when to when, however badly.

    An arrow does in WebVTT always; in SubRip where it stands beside a time or at the head of a
    cue, but not within a text.
    """
    line = lines[at]
    if "-->" not in line:
        return _ONLY_TIMES.match(line) is not None
    if format_ == "vtt" or _ARROW_AT_TIMES.match(line):
        return True
    before = [one.strip() for one in lines[max(0, at - 2) : at]]
    if before and before[-1].isdecimal():
        del before[-1]
    return not before or not before[-1]


def plain_text(event: pysubs2.SSAEvent) -> str:
    lines = (_TAG.sub("", line).strip() for line in event.plaintext.split("\n"))
    return "\n".join(line for line in lines if line)


def find_faults(rows: Sequence[TrackCue], end_ms: int | None) -> Iterator[str]:
    """Yield what is wrong with the times and lengths, cue by cue, in words."""
    for number, row in enumerate(rows, start=1):
        for fault in faults_of(row, end_ms):
            yield _("第%(number)d条（%(at)s）：%(fault)s") % {
                "number": number,
                "at": clock(row.start_ms),
                "fault": fault,
            }
    for number, (row, after) in enumerate(pairwise(rows), start=1):
        if after.start_ms < row.end_ms and row.start_ms < row.end_ms:
            yield _("第%(number)d条和第%(next)d条（%(at)s）的时间重叠了。") % {
                "number": number,
                "next": number + 1,
                "at": clock(after.start_ms),
            }


def faults_of(row: TrackCue, end_ms: int | None) -> Iterator[str]:
    """Yield what is wrong with one cue by itself; `end_ms` as in read_cues."""
    if end_ms is not None and row.start_ms >= end_ms:
        yield _("视频到这里已经放完了。")
    elif end_ms is not None and row.end_ms > end_ms + END_SLACK_MS:
        yield _("结束时间比视频还长，请改短一点。")
    if row.end_ms <= row.start_ms:
        yield _("结束时间要在开始时间之后。")
    if len(row.text) > LONGEST_TEXT:
        yield _("文字太长，请拆成几条。")


def shortened(faults: Sequence[str]) -> list[str]:
    more = len(faults) - FAULTS_SHOWN
    if more <= 0:
        return list(faults)
    return [*faults[:FAULTS_SHOWN], _("还有%(count)d处。") % {"count": more}]
