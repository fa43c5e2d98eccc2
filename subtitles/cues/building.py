"""Lay timed speech out as cues that an older reader can follow, by the rules of `CueRules`."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil

from subtitles.chinese.cleaning import SENTENCE_ENDS
from subtitles.chinese.words import (
    clings_to_word_before,
    least_sure,
    single_characters,
    split_unbreakable,
)
from subtitles.cues.cue import (
    STANDARD,
    UNHEARD,
    Cue,
    CueRules,
    Doubt,
    WordTime,
    reading_speed,
    text_width,
)
from subtitles.engines import Segment, Word

UNAVOIDABLE = 100.0
PAUSE_MS = 300
#: A word with a character less probably right is lit for the reviewer (recognition/doubts.py). Of
#: the wrong characters 63 % are then lit; 57 % of lit words have one (benchmarks/README.md).
DOUBTFUL_WORD = 0.7
LINGER_MS = 200  # a cue stays so long after its last word
CLOSED_GAP_MS = 500  # two cues with less between them follow each other without a flicker
FAR_APART_MS = 1_500  # two words with such a pause between them never share a cue


@lru_cache(maxsize=20_000)
def wrap_lines(text: str, *, rules: CueRules = STANDARD) -> tuple[str, ...]:
    """Break `text` into as few lines as hold it, of like width, between words only.

    There may be more lines than `rules.lines`, and a line is too wide if a single word is.
    """
    pieces = split_unbreakable(text)
    widths = [text_width(piece) for piece in pieces]
    offsets = [0.0, *accumulate(widths)]
    allowed = max(rules.line_width, *widths, 0)
    # layouts[n]: least unevenness of the first n pieces by number of lines, and its last break
    layouts: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for end in range(1, len(pieces) + 1):
        best: dict[int, tuple[float, int]] = {}
        for start in range(end - 1, -1, -1):
            width = offsets[end] - offsets[start]
            if width > allowed:
                break
            for count, (unevenness, _break) in layouts[start].items():
                cost = unevenness + width**2 + _break_cost(pieces[end - 1])
                if count + 1 not in best or cost < best[count + 1][0]:
                    best[count + 1] = (cost, start)
        layouts.append(best)
    lines: list[str] = []
    end = len(pieces)
    for count in range(min(layouts[end]), 0, -1):
        start = layouts[end][count][1]
        lines.insert(0, "".join(pieces[start:end]))
        end = start
    return tuple(lines)


def build_cues(
    segments: Iterable[Segment], *, rules: CueRules = STANDARD, media_end_ms: int
) -> list[Cue]:
    """Return cues for cleaned segments, in order, none overlapping, none past `media_end_ms`.

    A segment that is UNHEARD becomes a cue of its own, however long it is.

    Of all ways to part the words into cues it takes the one that costs the reader least; what
    breaks a rule all the same, `find_problems` tells. Times are milliseconds.
    """
    pieces = _timed_pieces(segments, media_end_ms)
    # costs[n]: least cost of the first n pieces, and where its last cue begins
    costs: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(pieces) + 1):
        deadline_ms = pieces[end].start_ms - rules.gap_ms if end < len(pieces) else media_end_ms
        options: list[tuple[float, int]] = []
        for start in range(end - 1, -1, -1):
            cost = _cue_cost(pieces[start:end], deadline_ms, rules)
            if cost is None:
                if options:
                    break
                cost = UNAVOIDABLE  # a single word that breaks a rule by itself
            options.append((costs[start][0] + cost, start))
        costs.append(min(options))
    bounds = [len(pieces)]
    while bounds[-1] > 0:
        bounds.append(costs[bounds[-1]][1])
    bounds.reverse()
    groups = [pieces[start:end] for start, end in pairwise(bounds)]
    return _placed(groups, rules, media_end_ms)


def _break_cost(piece: str) -> float:
    """What it costs to end a line after `piece`, on the scale of squared widths."""
    return 20.0 if piece[-1].isalnum() else 0.0


def _cue_cost(pieces: Sequence[Word], deadline_ms: int, rules: CueRules) -> float | None:
    """What a cue of `pieces`, gone by `deadline_ms`, costs its reader; None: it must not be."""
    text = "".join(piece.text for piece in pieces)
    if UNHEARD in text:
        return 0.0 if text == UNHEARD else None
    start_ms, spoken_ms = pieces[0].start_ms, pieces[-1].end_ms
    pauses = [after.start_ms - piece.end_ms for piece, after in pairwise(pieces)]
    if (
        text_width(text) > rules.line_width * rules.lines
        or spoken_ms - start_ms > rules.longest_ms
        or max(pauses, default=0) >= FAR_APART_MS
    ):
        return None
    lines = wrap_lines(text, rules=rules)
    if len(lines) > rules.lines:
        return None
    shown_ms = _end_ms(text, start_ms, spoken_ms, deadline_ms, rules) - start_ms
    speed = reading_speed(text, duration_ms=shown_ms)
    cost = 1.0 + sum(1.5 if line[-1].isalnum() else 0.5 for line in lines[:-1])
    cost += max(0.0, speed - rules.aimed_speed) ** 2
    cost += 5.0 * (speed > rules.warned_speed) + 20.0 * (speed > rules.refused_speed)
    cost += 10.0 * max(0.0, 2 - shown_ms / rules.shortest_ms) * (shown_ms < rules.shortest_ms)
    cost += 1.5 * sum(piece.text[-1] in SENTENCE_ENDS for piece in pieces[:-1])
    cost += 2.0 * sum(pauses) / 1000
    return cost + _parting_cost(pieces[-1], deadline_ms + rules.gap_ms)


def _parting_cost(piece: Word, next_ms: int) -> float:
    """What it costs the sense to end a cue after `piece`, where speech goes on at `next_ms`."""
    if piece.text[-1] in SENTENCE_ENDS:
        return 0.0
    if piece.text[-1] in "，；：,;:":
        return 0.5
    if not piece.text[-1].isalnum() or next_ms - piece.end_ms >= PAUSE_MS:
        return 1.0
    return 4.0


def _end_ms(text: str, start_ms: int, spoken_ms: int, deadline_ms: int, rules: CueRules) -> int:
    """When a cue ends: when it is spoken and can be read at the aimed speed, at the deadline at the
    latest; at the deadline too where that is near."""
    if text == UNHEARD:
        return min(spoken_ms, deadline_ms)
    reading_ms = reading_speed(text, duration_ms=1000) / rules.aimed_speed * 1000
    wanted_ms = max(
        spoken_ms + LINGER_MS, start_ms + ceil(reading_ms), start_ms + rules.shortest_ms
    )
    if wanted_ms + CLOSED_GAP_MS > deadline_ms:
        wanted_ms = deadline_ms
    return min(wanted_ms, start_ms + rules.longest_ms, deadline_ms)


def _timed_pieces(segments: Iterable[Segment], media_end_ms: int) -> list[Word]:
    """Return the unbreakable pieces of all segments, their times made to run forwards only."""
    pieces: list[Word] = []
    now_ms = 0
    for segment in segments:
        characters = list(single_characters(segment.words))
        text = "".join(character.text for character in characters)
        first = 0
        for piece in [text] if text == UNHEARD else split_unbreakable(text):
            inside = characters[first : first + len(piece)]
            first += len(piece)
            start_ms = min(max(now_ms, inside[0].start_ms), media_end_ms)
            now_ms = min(max(start_ms, inside[-1].end_ms), media_end_ms)
            pieces.append(Word(start_ms, now_ms, piece, least_sure(inside)))
            if (
                len(pieces) > 1
                and first == len(piece)
                and clings_to_word_before(piece)
                and pieces[-2].text != UNHEARD
            ):
                head, tail = pieces[-2:]
                if tail.start_ms - head.end_ms < FAR_APART_MS:
                    joined = Word(
                        head.start_ms,
                        tail.end_ms,
                        head.text + tail.text,
                        least_sure((head, tail)),
                    )
                    pieces[-2:] = [joined]
    return pieces


def _placed(groups: Sequence[Sequence[Word]], rules: CueRules, media_end_ms: int) -> list[Cue]:
    """Give each group of pieces its lines and times."""
    cues: list[Cue] = []
    deadline_ms = media_end_ms
    for i in range(len(groups) - 1, -1, -1):
        group = groups[i]
        text = "".join(piece.text for piece in group)
        earliest_ms = groups[i - 1][-1].end_ms + rules.gap_ms if i else 0
        latest_ms = deadline_ms - rules.shortest_ms
        start_ms = min(group[0].start_ms, max(earliest_ms, latest_ms), deadline_ms - 1)
        end_ms = _end_ms(text, start_ms, group[-1].end_ms, deadline_ms, rules)
        lines = wrap_lines(text, rules=rules)
        doubts, times = _doubts(group, lines), _word_times(group, lines)
        cues.append(Cue(start_ms, end_ms, lines, least_sure(group), doubts, word_times=times))
        deadline_ms = start_ms - rules.gap_ms
    cues.reverse()
    return cues


def _doubts(group: Sequence[Word], lines: Sequence[str]) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(start, start + len(word), round(piece.probability, 2))
        for start, word, piece in _placed_words(group, lines)
        if piece.probability is not None and piece.probability < DOUBTFUL_WORD
    )


def _word_times(group: Sequence[Word], lines: Sequence[str]) -> tuple[WordTime, ...]:
    return tuple(
        WordTime(start, start + len(word), piece.start_ms, piece.end_ms)
        for start, word, piece in _placed_words(group, lines)
    )


def _placed_words(group: Sequence[Word], lines: Sequence[str]) -> Iterator[tuple[int, str, Word]]:
    """Yield where each piece stands in `lines` joined by \\n, and what of it is a word."""
    line_ends = list(accumulate(len(line) for line in lines))
    offset = 0
    for piece in group:
        breaks = sum(offset >= end for end in line_ends)  # each is a \n before this piece
        if word := piece.text.rstrip("，。！？；：、"):
            yield offset + breaks, word, piece
        offset += len(piece.text)
