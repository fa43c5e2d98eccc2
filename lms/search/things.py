"""Things that can be found, groups of words and spellings, as the index keeps them."""

from array import array
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final
from zlib import crc32

from courses.search.chinese import is_chinese, runs

#: Where a word stands.
TITLE: Final = 3
STEPS: Final = 2
TEXT: Final = 1
#: Pairs of neighbours share that many bits of a thing.
BUCKETS: Final = 1 << 14
#: Of words that the same letters may mean, how much likelier is one that everybody says (ten
#: thousand times in jieba's texts against never), that lessons say, that an editor suggests, and
#: how much less one that is seldom said; the first word of a group is the commonest.
EVERYBODY_SAYS: Final = 0.05
LESSONS_SAY: Final = 0.15
SUGGESTED: Final = 0.05
SELDOM: Final = 0.07
LESS_COMMON: Final = 0.006
#: A word is so much likelier whenever the number of those who sought it here doubles, and at most.
SOUGHT_TWICE: Final = 0.02
SOUGHT_AT_MOST: Final = 0.15


@dataclass(frozen=True, slots=True)
class Thing:
    """A page, a manual or one task of a manual."""

    kind: str
    key: int
    title: str
    line: str
    url: str
    subject: str
    #: As they are compared: small letters, no full-width signs.
    plain_title: str
    steps: str
    text: str
    #: Numbers of its words, by TITLE, STEPS and TEXT; for letters only.
    words: dict[int, "array[int]"]
    beginnings: tuple[str, ...]
    codes: frozenset[str]  # texts.Sayings


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words of the same meaning, and the page that suits them."""

    words: tuple[str, ...]
    leads_to: int | None
    suggested: bool = False
    seldom: bool = False


@dataclass(slots=True)
class Sounded:
    """A word that typed letters may mean."""

    word: str
    #: 1 for a word that means exactly these letters.
    nearness: float
    #: Whether its first syllable is whole, which nobody presses for initials.
    is_spelt: bool


@dataclass
class Keys:
    """Encoded spellings that begin with one letter, a line each, and the words that they spell."""

    lines: str = ""
    words: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


def plain(text: str) -> str:
    """Runs parted by blanks, small letters, no full-width signs: what is compared."""
    return " ".join(runs(text))


def bucket(pair: str) -> int:
    return crc32(pair.encode()) % BUCKETS


def parts_of(word: str) -> set[str]:
    """What a word begins or ends with, of two signs or more."""
    if not is_chinese(word):
        return set()
    lengths = range(2, len(word))
    return {word[:n] for n in lengths} | {word[-n:] for n in lengths}


def pair_buckets(thing: Thing) -> set[int]:
    said = f"{thing.plain_title} {thing.steps} {thing.text}"
    return {bucket(first + second) for first, second in pairwise(said) if " " not in first + second}
