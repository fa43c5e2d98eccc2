"""Cues out of a subtitle file that somebody brings: SubRip, WebVTT or Advanced SubStation.

Players forgive what is wrong in a file; a teacher's lesson should not. So a file is taken as it
is or refused, with every fault named by its line or its cue.
"""

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath

import pysubs2
from django.utils.translation import gettext as _

from subtitles.cleaning import simplify
from subtitles.models import LONGEST_TEXT, TrackCue
from subtitles.templatetags.subtitle_tags import clock

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

_TIME = r"(?:(?P<h{0}>\d{{1,4}}):)?(?P<m{0}>\d{{2}}):(?P<s{0}>\d{{2}})[.,]\d{{1,3}}"
_TIMES = re.compile(rf"\s*{_TIME.format(1)}\s+-->\s+{_TIME.format(2)}(\s.*)?$")
_TAG = re.compile(r"\{[^}]*\}")


class UnreadableFile(Exception):
    """It cannot be taken; str() says why in one sentence, `faults` lists where, if known."""

    def __init__(self, reason: str, faults: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.faults = list(faults)


def read_cues(content: bytes, *, name: str, end_ms: int | None) -> list[TrackCue]:
    """Return rows, not saved and not judged, for what the file called `name` says.

    `end_ms`: where the video ends; None where that is not known. Raises UnreadableFile.
    """
    format_ = FORMATS.get(PurePath(name).suffix.lower())
    if format_ is None:
        raise UnreadableFile(_("这种文件读不了。请用 SRT、VTT 或 ASS 格式的字幕文件。"))
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("这个文件太大了，不像是字幕。字幕文件一般只有几十 KB。"))
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n")
    if format_ in {"srt", "vtt"}:
        check_clocks(text)
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
    if faults := list(find_faults(rows, end_ms)):
        raise UnreadableFile(_("这个文件有错，没有导入。请改好再传："), shortened(faults))
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


def check_clocks(text: str) -> None:
    """Raises UnreadableFile, naming each line whose times are not written as they have to be."""
    faults: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if "-->" not in line:
            continue
        found = _TIMES.match(line)
        sixties = [] if found is None else [int(found[part]) for part in ("m1", "s1", "m2", "s2")]
        if found is None or max(sixties) > 59:
            faults.append(_("第%(line)d行的时间写得不对：%(words)s") % {
                "line": number, "words": line.strip()[:60]
            })  # fmt: skip
    if faults:
        raise UnreadableFile(_("这个文件有错，没有导入。请改好再传："), shortened(faults))


def plain_text(event: pysubs2.SSAEvent) -> str:
    lines = (_TAG.sub("", line).strip() for line in event.plaintext.split("\n"))
    return "\n".join(line for line in lines if line)


def find_faults(rows: Sequence[TrackCue], end_ms: int | None) -> Iterator[str]:
    """Yield what is wrong with the times and lengths, cue by cue, in words."""
    for number, row in enumerate(rows, start=1):
        where = {"number": number, "at": clock(row.start_ms)}
        if row.end_ms <= row.start_ms:
            yield _("第%(number)d条（%(at)s）：结束时间要在开始时间之后。") % where
        if end_ms is not None and row.start_ms >= end_ms:
            yield _("第%(number)d条（%(at)s）：视频到这里已经放完了。") % where
        if len(row.text) > LONGEST_TEXT:
            yield _("第%(number)d条（%(at)s）：文字太长，请拆成几条。") % where
    for number, (row, after) in enumerate(pairwise(rows), start=1):
        if after.start_ms < row.end_ms and row.start_ms < row.end_ms:
            yield _("第%(number)d条和第%(next)d条（%(at)s）的时间重叠了。") % {
                "number": number,
                "next": number + 1,
                "at": clock(after.start_ms),
            }


def shortened(faults: Sequence[str]) -> list[str]:
    more = len(faults) - FAULTS_SHOWN
    if more <= 0:
        return list(faults)
    return [*faults[:FAULTS_SHOWN], _("还有%(count)d处。") % {"count": more}]
