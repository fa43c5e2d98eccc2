"""A query of several words that was typed as one: 手机没声音, shoujimeishengyin, sjmsy.

It is cut into words that are known, letters in the likeliest ways; then those things come first
that say the most of them, rare words counting more than common ones.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from courses.search.chinese import is_chinese
from lms.search.asking import ASKING
from lms.search.cutting import EMPTY, LONGEST
from lms.search.index import Index
from lms.search.pinyin import syllables
from lms.search.ranking import BEST_AT_MOST, SHARPER, Ranked, best_for

#: Words that may be meant by a piece, the likeliest first, and how likely, from 0 to 1.
Piece = list[tuple[str, float]]

READINGS_AT_MOST: Final = 4
#: How likely a reading of letters is still with another word; with one of asking, spelt or by its
#: initials; with a single sign, which says too little; with a letter that means nothing.
ANOTHER_WORD: Final = 0.9
ASKED: Final = 0.9
ASKED_BY_INITIALS: Final = 0.5
SINGLE_SIGN: Final = 0.5
SKIPPED: Final = 0.2
#: How likely initials are meant as such, by their number.
INITIALS: Final = {2: 0.55, 3: 0.8}
MORE_INITIALS: Final = 0.9
#: Letters of the longest word spelt.
LONGEST_SPELT: Final = 24
#: Of so many signs one may be of no known word, but for the empty ones; else not all is understood.
ONE_UNKNOWN_IN: Final = 4
#: A thing counts so much for each word that it lacks.
LACKING: Final = 0.35
#: What a text says as it was asked, not by words of groups and titles, counts so much as a word.
AS_IT_IS: Final = 0.6
#: Words that somebody may look for by themselves: those of groups and titles.
SOUGHT: Final = 0.9


@dataclass(frozen=True)
class Together:
    """Things for the words of a query, the best first."""

    ranked: list[Ranked]
    #: Whether the first of them says all that is looked for.
    is_whole: bool
    #: How likely that is what was meant, from 0 to 1.
    likely: float


@dataclass(frozen=True)
class Reading:
    """A way to cut a query."""

    pieces: tuple[Piece, ...]
    likely: float
    #: Whether all of its letters mean something.
    is_whole: bool = True


@dataclass(frozen=True, order=True, slots=True)
class Suits:
    """How well a thing suits a reading."""

    worth: float
    is_whole: bool
    word: str
    likely: float


def said_together(index: Index, asked: list[str]) -> Together:
    """What says the words of all runs."""
    readings = [Reading((), 1.0)]
    for run in asked:
        ways = [cut(index, run)] if is_chinese(run) else read(index, run)
        both = [_joined(before, way) for before in readings for way in ways]
        readings = both[:READINGS_AT_MOST]
    best: dict[int, Suits] = {}
    for reading in readings:
        for number, suits in suiting(index, reading).items():
            if number not in best or suits > best[number]:
                best[number] = suits
    ordered = sorted(best, key=lambda number: (-best[number].worth, number))[:BEST_AT_MOST]
    if not ordered or not readings[0].pieces:  # the likeliest is a row of single signs
        return Together([], False, 0.0)
    first = best[ordered[0]]
    ranked = [Ranked(number, best[number].word) for number in ordered]
    return Together(ranked, first.is_whole, first.likely)


def _joined(before: Reading, way: Reading) -> Reading:
    return Reading(
        (*before.pieces, *way.pieces), before.likely * way.likely, before.is_whole and way.is_whole
    )


def suiting(index: Index, reading: Reading) -> dict[int, Suits]:
    """By thing. What lacks a word that people look for counts less; what lacks another does not."""
    sought = [max(likely for _word, likely in piece) >= SOUGHT for piece in reading.pieces]
    rows = [_worth_by_thing(index, piece) for piece in reading.pieces]
    must = [row for row, is_sought in zip(rows, sought, strict=True) if is_sought] or rows
    found: dict[int, Suits] = {}
    for number in {number for row in rows for number in row}:
        worths = [row[number] for row in rows if number in row]
        lacking = sum(number not in row for row in must)
        worth = reading.likely * sum(worth for worth, _word in worths) * LACKING**lacking
        found[number] = Suits(
            worth, reading.is_whole and not lacking, max(worths)[1], reading.likely
        )
    return found


def _worth_by_thing(index: Index, piece: Piece) -> dict[int, tuple[float, str]]:
    worths: dict[int, tuple[float, str]] = {}
    for word, likely in piece:
        best = best_for(index, word)
        for number, worth in best:
            mine = (likely * worth / (3 + len(best)), word)
            worths[number] = max(mine, worths.get(number, mine))
    return worths


# --- Chinese ------------------------------------------------------------------------------------


def cut(index: Index, run: str) -> Reading:
    """Its known words, without those of asking and single signs, which say too little."""
    #: By place: how good the best cut of what stands before it is, its words, and what is left.
    best: list[tuple[float, list[str], str]] = [(0, [], "")]
    for end in range(1, len(run) + 1):
        ways = []
        for start in range(max(0, end - LONGEST), end):
            worth, words, left = best[start]
            piece = run[start:end]
            if piece in ASKING:
                ways.append((worth + len(piece) ** 2 - 1, words, left))
            elif len(piece) == 1:
                ways.append((worth, words, left + piece))
            elif word := index.known(piece):
                ways.append((worth + index.topic(word) * len(piece) ** 2, [*words, word], left))
        best.append(max(ways, key=lambda way: way[0]))
    _worth, words, left = best[-1]
    if words != [run]:
        words = [*words, run]
    unknown = sum(sign not in EMPTY for sign in left)
    pieces = tuple([(word, index.topic(word) or AS_IT_IS)] for word in dict.fromkeys(words))
    return Reading(pieces, 1.0, is_whole=unknown * ONE_UNKNOWN_IN <= len(run))


# --- Letters ------------------------------------------------------------------------------------


def read(index: Index, letters: str) -> list[Reading]:
    """The likeliest ways to cut them into words, spelt or by their initials."""
    #: By place: the likeliest readings of the letters before it.
    ways: list[list[Reading]] = [[Reading((), 1.0)]]
    for end in range(1, len(letters) + 1):
        here: list[Reading] = []
        for start in range(max(0, end - LONGEST_SPELT), end):
            here += _continued(ways[start], _meanings(index, letters[start:end]))
        ways.append(_likeliest(here))
    return ways[-1]


def _continued(before: list[Reading], meanings: list[Reading]) -> list[Reading]:
    return [_joined(reading, meaning) for reading in before for meaning in meanings]


def _likeliest(readings: list[Reading]) -> list[Reading]:
    """Each row of words once."""
    ordered = sorted(readings, key=lambda reading: -reading.likely)
    found: dict[tuple[str, ...], Reading] = {}
    for reading in ordered:
        found.setdefault(tuple(piece[0][0] for piece in reading.pieces), reading)
        if len(found) == READINGS_AT_MOST:
            break
    return list(found.values())


def _meanings(index: Index, letters: str) -> list[Reading]:
    """What they may mean as one piece, or that they say nothing."""
    found: list[Reading] = []
    if len(letters) == 1:
        found.append(Reading((), SKIPPED, is_whole=False))
    if letters in asked_spelt():
        found.append(Reading((), ASKED))
    elif letters in asked_initials():
        found.append(Reading((), ASKED_BY_INITIALS))
    elif letters in index.syllables:
        found.append(Reading((), SINGLE_SIGN))
    likely = ANOTHER_WORD
    piece = _piece(index, index.spelt(letters))
    if not piece:
        likely *= INITIALS.get(len(letters), MORE_INITIALS)
        piece = _piece(index, index.begun(letters))
    if piece:
        found.append(Reading((piece,), likely * piece[0][1]))
    return found


def _piece(index: Index, words: list[str]) -> Piece:
    """The commonest counts in full."""
    most = max((index.commonness(word) for word in words), default=1)
    likely = [
        (word, index.topic(word) * (index.commonness(word) / most) ** SHARPER) for word in words
    ]
    return sorted(likely, key=lambda it: -it[1])


@cache
def asked_spelt() -> frozenset[str]:
    return frozenset("".join(syllables(word)) for word in ASKING | EMPTY)


@cache
def asked_initials() -> frozenset[str]:
    return frozenset("".join(s[0] for s in syllables(word)) for word in ASKING)
