"""Steps out of a text that was written elsewhere: a line a step, without its number."""

import re
from typing import Final

from courses.readability.plain_text import only_seen

_DIGITS = "0-9０-９一二三四五六七八九十百"
#: “1.” “1、” “（1）” “①” “第一步：” “步骤1” “-” “•”. What is part of the words stays: 1.5米, 12:30.
NUMBERING: Final = re.compile(
    rf"""^(?:
        第[{_DIGITS}]{{1,3}}步[:：、，,.．]?
        | 步骤\s*[{_DIGITS}]{{1,3}}[:：、，,.．]?
        | [{_DIGITS}]{{1,3}}\s*(?:[、)）]|[.．:：](?![0-9０-９]))
        | [（(]\s*[{_DIGITS}]{{1,3}}\s*[)）]
        | [\u2460-\u2473\u24f5-\u24fe\u2776-\u277f]
        | [-*•·●○▪■◆–—]\s+ | [•●○▪■◆]
    )\s*""",
    re.VERBOSE,
)
#: Where a sentence may be cut in two, the better places first.
CUTS: Final = (re.compile(r"(?<=[。！？；!?;])"), re.compile(r"(?<=[，、,])"))
ENDS: Final = "。！？!?…”）)"
BETWEEN: Final = "，、；,; "


def steps_of_text(text: str) -> list[str]:
    """The lines that say something, in their order."""
    lines = (NUMBERING.sub("", only_seen(line)) for line in text.splitlines())
    return [line for line in lines if line]


def halves_of(words: str, at: int | None = None) -> tuple[str, str] | None:
    """Two sentences out of one. at: the character before which it is cut; None: at the end of a
    sentence, else at a comma, as near to the middle as there is one. None: it cannot be cut."""
    places = [at] if at is not None else _places(words)
    for place in places:
        first, second = words[:place].rstrip(BETWEEN), words[place:].lstrip(BETWEEN)
        if first and second:
            return first if first[-1] in ENDS else f"{first}。", second
    return None


def _places(words: str) -> list[int]:
    """Where it may be cut, the best place first."""
    middle = len(words) / 2
    return [
        place
        for cut in CUTS
        for place in sorted((m.start() for m in cut.finditer(words)), key=lambda p: abs(p - middle))
    ]


def joined(first: str, second: str) -> str:
    """Both in one line; what both say, once."""
    if not first or not second or first == second:
        return first or second
    return f"{first}{second}" if first[-1] in ENDS + BETWEEN else f"{first}，{second}"
