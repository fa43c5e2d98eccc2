"""A cue: what stands under the picture for a moment, and the rules that it keeps to.

Widths are counted in full-width characters, as they fill a line: a full-width character or mark is
1, a half-width letter, digit, mark or space 0.5. Reading speed counts what is read, that is without
marks and spaces. Both are our own choice.
"""

import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

#: The whole text of a cue where somebody speaks and no engine found words: a hole. What viewers
#: read is the mark itself, so a hole is never silent, and whoever writes words there closes it.
UNHEARD = "（听不清）"


@dataclass(frozen=True, slots=True, kw_only=True)
class CueRules:
    """What a cue has to keep to. Widths are in full-width characters, speeds in them a second."""

    line_width: int
    lines: int = 2
    aimed_speed: float = 5.5
    warned_speed: float = 6.0
    refused_speed: float = 9.0
    shortest_ms: int = 1_200
    longest_ms: int = 7_000
    gap_ms: int = 80  # two frames at 25 a second


STANDARD = CueRules(line_width=14)
EXTRA_LARGE = CueRules(line_width=12)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word that the engine was not sure of, counted in the cue's lines joined by \\n."""

    start: int
    end: int
    probability: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class WordTime:
    """When a word was said; from and to are counted as in Doubt."""

    start: int
    end: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Cue:
    """What stands under the picture from `start_ms` until `end_ms`.

    `probability` is how probably the least sure of its characters is right (0 to 1); None where
    a person wrote it or the engine does not tell. `chapter` names the chapter that begins with
    it; blank for most.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    probability: float | None = None
    doubts: tuple[Doubt, ...] = ()
    chapter: str = ""
    #: Of each word, in order; empty where no machine told them.
    word_times: tuple[WordTime, ...] = ()

    @property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def is_hole(self) -> bool:
        """Whether it only says that somebody speaks here whom the machine did not understand."""
        return self.text == UNHEARD


def moved_doubts(before: str, after: str, doubts: list[Any]) -> list[Any]:
    """Return those of `doubts` ([from, to, what is known of it...] in `before`) whose words still
    stand in `after`, counted there."""
    if not doubts or before == after:
        return doubts
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return [
        [start + block.b - block.a, end + block.b - block.a, *known]
        for start, end, *known in doubts
        for block in blocks
        if block.a <= start and end <= block.a + block.size
    ]


def text_width(text: str) -> float:
    """Return the width of `text` in full-width characters."""
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in text)
    return (wide + len(text)) / 2


def reading_speed(text: str, *, duration_ms: int) -> float:
    """Return full-width characters a second, marks and spaces not counted."""
    read = "".join(character for character in text if character.isalnum())
    return text_width(read) * 1000 / max(1, duration_ms)
