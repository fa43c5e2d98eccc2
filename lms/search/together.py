"""A query of several words that was typed as one: 手机没声音, shoujimeishengyin, sjmsy.

It is cut into words that are known, letters in the likeliest ways; then those things come first
that say the most of them, rare words counting more than common ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from courses.search.chinese import is_chinese
from lms.search.asking import ASKING
from lms.search.cutting import EMPTY, FILLING, LONGEST, is_between
from lms.search.index import Index
from lms.search.pinyin import cut_syllables, syllables
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
#: How likely a reading of whole syllables is that have more put into their words.
SPELT_WITH_MORE: Final = 0.5
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
        ways = [cut(index, run)] if is_chinese(run) else cut_spelt(index, run) + read(index, run)
        both = [_joined(before, way) for before in readings for way in ways]
        readings = [way for way in both if way.pieces][:READINGS_AT_MOST] or both[:1]
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


# --- Signs and syllables ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """What the beginning of a query may be cut into, and how good that is."""

    worth: float
    words: tuple[str, ...] = ()
    #: Signs or syllables of no known word.
    left: tuple[str, ...] = ()

    def then(self, other: "Way") -> "Way":
        return Way(self.worth + other.worth, self.words + other.words, self.left + other.left)


def cut(index: Index, run: str) -> Reading:
    """Its known words, without those of asking and single signs, which say too little."""
    way = best_way(tuple(run), lambda piece: _of_signs(index, "".join(piece)))
    words = way.words if way.words == (run,) else (*way.words, run)
    pieces = tuple([(word, index.topic(word) or AS_IT_IS)] for word in dict.fromkeys(words))
    unknown = sum(sign not in EMPTY | FILLING for sign in way.left)
    return Reading(pieces, 1.0, is_whole=unknown * ONE_UNKNOWN_IN <= len(run))


def cut_spelt(index: Index, letters: str) -> list[Reading]:
    """Its known words where it is a row of whole syllables; else nothing."""
    parts = tuple(cut_syllables(letters, index.sounds()))
    way = best_way(parts, lambda piece: _of_syllables(index, piece))
    pieces = tuple(_piece(index, [word]) for word in dict.fromkeys(way.words))
    unknown = sum(part not in asked_spelt() for part in way.left)
    is_whole = unknown * ONE_UNKNOWN_IN <= len(parts)
    return [Reading(pieces, SPELT_WITH_MORE, is_whole)] if pieces else []


def best_way(parts: tuple[str, ...], meaning: Callable[[tuple[str, ...]], Way | None]) -> Way:
    best = [Way(0)]
    for end in range(1, len(parts) + 1):
        starts = range(max(0, end - LONGEST), end)
        meant = ((start, meaning(parts[start:end])) for start in starts)
        ways = [best[start].then(way) for start, way in meant if way]
        best.append(max(ways, key=lambda way: way.worth))
    return best[-1]


def _of_signs(index: Index, piece: str) -> Way | None:
    if piece in ASKING:
        return Way(len(piece) ** 2 - 1)
    if len(piece) == 1:
        return Way(0, left=(piece,))
    word = index.known(piece)
    return _said(index, word, tuple(word), tuple(piece)) if word else None


def _of_syllables(index: Index, piece: tuple[str, ...]) -> Way | None:
    spelt = "".join(piece)
    if spelt in asked_spelt():
        return Way(len(piece) ** 2 - 1)
    if len(piece) == 1:
        return Way(0, left=piece)
    words = index.spelt(spelt) or index.scattered(piece)
    return _said(index, words[0], syllables(words[0]), piece) if words else None


def _said(index: Index, word: str, own: tuple[str, ...], piece: tuple[str, ...]) -> Way:
    put_in = tuple(part for part in piece if part not in own)
    gain = index.topic(word) * len(own) ** 2 - len(put_in)
    return Way(gain, (word,), () if is_between(put_in) else put_in)


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
