"""Words of a scene broken into lines: after a mark where that is possible."""

import re

from media.films.layout import line_width
from subtitles.cues import CueRules, wrap_lines

#: A line that keeps a clause whole may be wider by so much: its letters are 96 px high then.
WIDER = 1.5
#: More lines do not fit beside a picture.
MOST_LINES = 4

_CLAUSE = re.compile(r"[^，。；：！？]*[，。；：！？]+[”’」』）》]*|[^，。；：！？]+$")


def broken(words: str, width: int) -> str:
    """Words as they stand on the screen: without the last full stop, `width` letters a line.

    A line ends with a clause, if that takes one line more at most; else lines are of like length.
    """
    text = words.removesuffix("。")
    plain = wrap_lines(text, rules=CueRules(line_width=width))
    whole = _by_clauses(_CLAUSE.findall(text), width)
    fits = "".join(whole) == text and len(whole) <= min(len(plain) + 1, MOST_LINES)
    return "\n".join(whole if fits else plain)


def _by_clauses(clauses: list[str], width: int) -> list[str]:
    """As few lines as hold the clauses, of like width; a clause that is too long has lines of its
    own."""
    # best[n]: the lines of the first n clauses, and how uneven they are.
    best: list[tuple[list[str], float]] = [([], 0.0)]
    for end in range(1, len(clauses) + 1):
        ways = []
        for start in range(end):
            together = "".join(clauses[start:end])
            room = width + WIDER if end - start == 1 else width
            if line_width(together) <= room:
                added = [together]
            elif end - start == 1:
                added = list(wrap_lines(together, rules=CueRules(line_width=width)))
            else:
                continue
            lines, uneven = best[start]
            ways.append((lines + added, uneven + sum(line_width(line) ** 2 for line in added)))
        best.append(min(ways, key=lambda way: (len(way[0]), way[1])))
    return best[-1][0]
