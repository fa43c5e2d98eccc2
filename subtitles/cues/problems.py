"""What a reviewer is told about a cue, in plain Chinese, by the rules it was built with."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from subtitles.chinese.cleaning import traditional_characters
from subtitles.chinese.words import clings_to_word_before, split_words
from subtitles.cues import STANDARD, Cue, CueRules, reading_speed, text_width

#: Of cues with a character less probably right, nine in ten have a wrong one, and two on average
#: (benchmarks/README.md).
DOUBTFUL_PROBABILITY = 0.4


class Reason(TextChoices):
    """Why a cue needs a person's eye; the labels are what the person reads."""

    EMPTY = "empty", _("这条字幕没有文字。")
    TOO_WIDE = "too_wide", _("这一行太长，电视上放不下。")
    TOO_MANY_LINES = "too_many_lines", _("行数太多，请拆成两条。")
    TOO_FAST = "too_fast", _("字太多、时间太短，看不完，请拆开或延长。")
    RATHER_FAST = "rather_fast", _("读起来有些赶，能延长就延长一点。")
    TOO_SHORT = "too_short", _("显示时间太短，一闪就过去了。")
    TOO_LONG = "too_long", _("显示时间太长，请拆成两条。")
    OVERLAP = "overlap", _("和下一条字幕的时间重叠了。")
    NO_GAP = "no_gap", _("和下一条字幕挨得太近，中间要留一点空。")
    BAD_LINE_START = "bad_line_start", _("行首不能是标点或“的、了、吗”这样的字。")
    CUT_WORD = "cut_word", _("换行把一个词拆开了。")
    TRADITIONAL = "traditional", _("有繁体字。")
    UNHEARD = "unheard", _("这里有人说话，机器没有听清。请听一听，把话写上。")
    DOUBTFUL = "doubtful", _("机器听得不太准，请对着声音核对。")


#: In a list there is room for two or three characters.
SHORT_LABELS = {
    Reason.EMPTY: _("空白"),
    Reason.TOO_WIDE: _("太宽"),
    Reason.TOO_MANY_LINES: _("行多"),
    Reason.TOO_FAST: _("太快"),
    Reason.RATHER_FAST: _("略快"),
    Reason.TOO_SHORT: _("太短"),
    Reason.TOO_LONG: _("太久"),
    Reason.OVERLAP: _("重叠"),
    Reason.NO_GAP: _("太近"),
    Reason.BAD_LINE_START: _("行首"),
    Reason.CUT_WORD: _("断词"),
    Reason.TRADITIONAL: _("繁体"),
    Reason.UNHEARD: _("没听清"),
    Reason.DOUBTFUL: _("可疑"),
}

# The rest break a rule; these are advice.
ADVICE = frozenset({Reason.RATHER_FAST, Reason.DOUBTFUL})


@dataclass(frozen=True, slots=True)
class CueProblem:
    reason: Reason

    @property
    def breaks_rule(self) -> bool:
        """Whether it has to be put right or waived by name; otherwise it is advice."""
        return self.reason not in ADVICE

    def __str__(self) -> str:
        return str(self.reason.label)


def find_problems(
    cue: Cue, *, rules: CueRules = STANDARD, next_cue: Cue | None = None
) -> list[CueProblem]:
    """Return what is wrong or doubtful with `cue`; `next_cue` is None for the last one."""
    speed = reading_speed(cue.text, duration_ms=cue.duration_ms)
    gap_ms = next_cue.start_ms - cue.end_ms if next_cue else rules.gap_ms
    found = {
        Reason.EMPTY: not cue.text.strip(),
        Reason.TOO_WIDE: any(text_width(line) > rules.line_width for line in cue.lines),
        Reason.TOO_MANY_LINES: len(cue.lines) > rules.lines,
        Reason.TOO_FAST: speed > rules.refused_speed,
        Reason.RATHER_FAST: rules.warned_speed < speed <= rules.refused_speed,
        Reason.TOO_SHORT: cue.duration_ms < rules.shortest_ms,
        # A hole is one stop for the reviewer however long it lasts.
        Reason.TOO_LONG: cue.duration_ms > rules.longest_ms and not cue.is_hole,
        Reason.OVERLAP: gap_ms < 0,
        Reason.NO_GAP: 0 <= gap_ms < rules.gap_ms,
        Reason.BAD_LINE_START: any(starts_badly(cue, line) for line in range(len(cue.lines))),
        Reason.CUT_WORD: cuts_word(cue),
        Reason.TRADITIONAL: bool(traditional_characters(cue.text)),
        Reason.UNHEARD: cue.is_hole,
        Reason.DOUBTFUL: cue.probability is not None and cue.probability < DOUBTFUL_PROBABILITY,
    }
    return [CueProblem(reason) for reason, is_so in found.items() if is_so]


def line_offsets(cue: Cue) -> set[int]:
    """Return where in `cue.text` a line begins, the first one left out."""
    return {sum(map(len, cue.lines[:line])) for line in range(1, len(cue.lines))}


def cuts_word(cue: Cue) -> bool:
    """Whether a line of `cue` ends inside a word."""
    return not line_offsets(cue) <= _word_starts(cue).keys()


def starts_badly(cue: Cue, line: int) -> bool:
    """Whether line number `line` of `cue` begins with a closing mark or a particle like 的."""
    offset = sum(map(len, cue.lines[:line]))
    word = _word_starts(cue).get(offset)
    return word is not None and clings_to_word_before(word)


def _word_starts(cue: Cue) -> dict[int, str]:
    words: dict[int, str] = {}
    offset = 0
    for word in split_words(cue.text):
        words[offset] = word
        offset += len(word)
    return words
