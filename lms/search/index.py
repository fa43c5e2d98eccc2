"""The index in the memory of a process: what all entries say, and how their words sound.

Chinese is looked for in the texts themselves; a bit for each pair of neighbours keeps that short.
Letters are looked for among the words, and these lead to the things that say them.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any, Final
from zlib import crc32

from courses.search.chinese import is_chinese, runs
from lms.search.cutting import BETWEEN
from lms.search.models import EntryKind
from lms.search.pinyin import (
    all_spellings,
    encoded,
    first_letters,
    nearness,
    pattern_of,
    syllables,
)

#: Where a word stands.
TITLE: Final = 3
STEPS: Final = 2
TEXT: Final = 1
#: Pairs of neighbours share that many bits of a thing.
BUCKETS: Final = 1 << 14
#: Words that fit some letters, the likeliest first; more are not looked at.
WORDS_AT_MOST: Final = 240
#: Words that are spelt alike, or have the same initials, and are kept for cutting letters.
SPELT_AT_MOST: Final = 6
#: A word that is part of words of more groups tells nothing of which is meant.
PARTS_AT_MOST: Final = 2
#: Shorter Latin words are no words within other letters.
SHORTEST_LATIN: Final = 3
#: How much a word says of what is looked for, by where it stands; of a group it is 1.
TITLE_TOPIC: Final = 0.9
STEPS_TOPIC: Final = 0.6
TEXT_TOPIC: Final = 0.35
#: What a title or step says counts as if so many texts said it.
OFTEN: Final = 1 << 20
#: What is best for a word is remembered for so many words.
REMEMBERED: Final = 4000


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
    suggested: bool


@dataclass(slots=True)
class Sounded:
    """A word that typed letters may mean."""

    word: str
    #: 1 for a word that means exactly these letters.
    nearness: float


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


class Index:
    """All entries. Not for several threads at once (memory.py sees to that)."""

    def __init__(self) -> None:
        self.things: list[Thing | None] = []
        self.free: list[int] = []
        self.of_entry: dict[int, tuple[str, list[int]]] = {}  # by row: its token, its things
        self.of_page: dict[int, list[int]] = {}  # by the page's key
        self.bits: list[int] = [0] * BUCKETS
        self.numbers: dict[str, int] = {}
        self.words: list[str] = []
        self.groups: list[Meaning] = []
        self.group_of: dict[str, list[Meaning]] = {}
        self.parts: dict[str, list[Meaning]] = {}  # groups by what their words begin or end with
        self.said: Counter[int] | None = None  # by word; None: to be counted anew
        self.keys: dict[str, Keys] | None = None  # None: to be made anew
        self.by_spelling: dict[str, list[str]] = {}  # made with the keys
        self.by_initials: dict[str, list[str]] = {}
        self.syllables: set[str] = set()  # of all words
        self.in_titles: set[int] = set()  # numbers of words; counted with what is said
        self.remembered: dict[str, list[tuple[int, float]]] = {}

    # --- Entries ------------------------------------------------------------------------------

    def take(self, row: int, token: str, kind: str, key: int, things: list[dict[str, Any]]) -> None:
        """In place of what the row said before."""
        self.drop(row)
        numbers = [self._add(self._thing(kind, key, each)) for each in things]
        self.of_entry[row] = (token, numbers)
        if kind == EntryKind.PAGE:
            self.of_page[key] = numbers
        self._changed()

    def drop(self, row: int) -> None:
        _token, numbers = self.of_entry.pop(row, ("", []))
        for number in numbers:
            thing = self._remove(number)
            if thing.kind == EntryKind.PAGE:
                self.of_page.pop(thing.key, None)
        if numbers:
            self._changed()

    def take_groups(self, groups: Iterable[Meaning]) -> None:
        self.groups = list(groups)
        self.group_of, self.parts = {}, {}
        for group in self.groups:
            words = list(map(plain, group.words))
            for word in words:
                self.group_of.setdefault(word, []).append(group)
            for part in {part for word in words for part in parts_of(word)}:
                self.parts.setdefault(part, []).append(group)
        self._changed()

    def _changed(self) -> None:
        self.keys = None
        self.said = None
        self.remembered.clear()

    def _thing(self, kind: str, key: int, said: dict[str, Any]) -> Thing:
        return Thing(
            kind=kind,
            key=key,
            title=said["title"],
            line=said["line"],
            url=said["url"],
            subject=said["subject"],
            plain_title=plain(said["title"]),
            steps=plain(said["steps"]),
            text=plain(said["text"]),
            words={
                where: array("I", map(self._number, said[name]))
                for where, name in (
                    (TITLE, "title_words"),
                    (STEPS, "step_words"),
                    (TEXT, "text_words"),
                )
            },
            beginnings=tuple(said["beginnings"]),
            codes=frozenset(said.get("codes", ())),
        )

    def _number(self, word: str) -> int:
        number = self.numbers.get(word)
        if number is None:
            number = self.numbers[word] = len(self.words)
            self.words.append(word)
        return number

    def _add(self, thing: Thing) -> int:
        number = self.free.pop() if self.free else len(self.things)
        if number == len(self.things):
            self.things.append(thing)
        else:
            self.things[number] = thing
        for at in pair_buckets(thing):
            self.bits[at] |= 1 << number
        return number

    def _remove(self, number: int) -> Thing:
        thing = self.things[number]
        assert thing is not None
        for at in pair_buckets(thing):
            self.bits[at] &= ~(1 << number)
        self.things[number] = None
        self.free.append(number)
        return thing

    def numbers_of_page(self, key: int) -> list[int]:
        return self.of_page.get(key, [])

    def name_of(self, word: str) -> str:
        """In Chinese where its group has it: 微信 for wx."""
        groups = self.group_of.get(word, [])
        return plain(groups[0].words[0]) if groups and word.isascii() else word

    def groups_for(self, word: str) -> list[Meaning]:
        """Those that have it; else the one or two with a word that begins or ends with it."""
        parts = self.parts.get(word, [])
        return self.group_of.get(word) or (parts if len(parts) <= PARTS_AT_MOST else [])

    # --- Chinese ------------------------------------------------------------------------------

    def holding(self, word: str) -> Iterator[int]:
        """Numbers of the things that say it, whatever stands before and after."""
        if len(word) == 1 or " " in word:
            candidates = range(len(self.things))
            yield from (number for number in candidates if self._holds(number, word))
            return
        left = -1
        for first, second in pairwise(word):
            left &= self.bits[bucket(first + second)]
        while left:
            lowest = left & -left
            number = lowest.bit_length() - 1
            left ^= lowest
            if self._holds(number, word):
                yield number

    def _holds(self, number: int, word: str) -> bool:
        thing = self.things[number]
        return thing is not None and (
            word in thing.plain_title or word in thing.steps or word in thing.text
        )

    # --- Letters ------------------------------------------------------------------------------

    def sounding(self, letters: str, *, with_slips: bool = False) -> list[Sounded]:
        """Words that the letters may spell or begin, the nearest first, each once."""
        pattern = re.compile(rf"\n({pattern_of(letters, with_slips=with_slips)})[^=\n]*=(\d+)")
        best: dict[str, float] = {}
        for first in first_letters(letters, with_slips=with_slips):
            keys = self._keys().get(first)
            if keys is None:
                continue
            for match in islice(pattern.finditer(keys.lines), WORDS_AT_MOST):
                word, spelling = keys.words[int(match[2])]
                how_near = nearness(letters, spelling)
                if how_near > best.get(word, 0):
                    best[word] = how_near
        return [Sounded(word, how_near) for word, how_near in best.items()]

    def spelt(self, letters: str) -> list[str]:
        """The first few words that are spelt exactly so, those of groups first."""
        self._keys()
        return self.by_spelling.get(letters, [])

    def begun(self, letters: str) -> list[str]:
        """The first few words of several signs that have exactly these initials."""
        self._keys()
        return self.by_initials.get(letters, [])

    def _keys(self) -> dict[str, Keys]:
        if self.keys is None:
            self.keys = self._made_keys()
        return self.keys

    def _made_keys(self) -> dict[str, Keys]:
        """Words of groups first, then what stands in titles, then the most said."""
        made: dict[str, Keys] = {}
        lines: dict[str, list[str]] = {}
        self.by_spelling, self.by_initials, self.syllables = {}, {}, set()
        self.between = ["".join(syllables(each)) for each in sorted(BETWEEN)]
        for word, spelling in self._spelt():
            self._remember(word, spelling)
            first = spelling[0][:1] if spelling else ""
            keys = made.setdefault(first, Keys())
            lines.setdefault(first, []).append(f"\n{encoded(spelling)}={len(keys.words)}")
            keys.words.append((word, spelling))
        for first, keys in made.items():
            keys.lines = "".join(lines[first])
        return made

    def _remember(self, word: str, spelling: tuple[str, ...]) -> None:
        """For the cutting of letters into words; the rest of a title is none."""
        self.syllables.update(spelling)
        if len(word) == 1 or self.topic(word) == 0:
            return
        if word.isascii():
            if len(word) >= SHORTEST_LATIN:
                self._keep(self.by_spelling, word, word)
            return
        self._keep(self.by_spelling, "".join(spelling), word)
        if spelling != syllables(word):
            return  # an unlikely sound
        if word in self.group_of and len(word) == 2:
            for between in self.between:
                self._keep(self.by_spelling, between.join(spelling), word)
        if self.topic(word) >= STEPS_TOPIC and not self._is_phrase(word):
            self._keep(self.by_initials, "".join(syllable[:1] for syllable in spelling), word)

    def _keep(self, there: dict[str, list[str]], letters: str, word: str) -> None:
        words = there.setdefault(letters, [])
        if len(words) < SPELT_AT_MOST and word not in words:
            words.append(word)

    def _is_phrase(self, word: str) -> bool:
        """Whether it is two words of a step that stand side by side."""
        if word in self.group_of or len(word) == 2:
            return False
        pieces = ((word[:at], word[at:]) for at in range(1, len(word)))
        return any(
            all(len(piece) == 1 or piece in self.numbers for piece in both) for both in pieces
        )

    def _spelt(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for word in self.group_of:
            yield from ((word, spelling) for spelling in all_spellings(word))
        known = set(self.group_of)
        titles = {each for thing in self.things if thing for each in thing.beginnings}
        for word in sorted(titles - known, key=len):
            yield word, syllables(word)
        known |= titles
        for word in self._said():
            if word not in known:
                yield word, syllables(word)

    def _said(self) -> list[str]:
        """Words of titles and steps first, then the most said."""
        return [self.words[number] for number, _weight in self._counted().most_common()]

    def _counted(self) -> Counter[int]:
        if self.said is None:
            self.said, self.in_titles = Counter(), set()
            for thing in filter(None, self.things):
                self.in_titles.update(thing.words[TITLE])
                for where, words in thing.words.items():
                    weight = 1 if where == TEXT else OFTEN
                    for word in words:
                        self.said[word] += weight
        return self.said

    def topic(self, word: str) -> float:
        """How much a word says of what is looked for: 1 for one of a group; 0: it is not known."""
        if word in self.group_of:
            return 1.0
        number = self.numbers.get(word)
        if number is None:
            return 0.0
        said = self._counted()[number]
        if number in self.in_titles:
            return TITLE_TOPIC
        return STEPS_TOPIC if said >= OFTEN else TEXT_TOPIC

    def known(self, piece: str) -> str:
        """The word that it is, or of a group the one that it is with something between (挂个号,
        上不了网); empty where it is none."""
        if piece in self.group_of or piece in self.numbers:
            return piece
        word = piece[0] + piece[-1]
        return word if piece[1:-1] in BETWEEN and word in self.group_of else ""

    def weight(self, word: str) -> float:
        """How much a word that sounds right counts: 1 for one of a group, a little more for one
        that is suggested too."""
        if groups := self.group_of.get(word):
            return 1.05 if any(group.suggested for group in groups) else 1.0
        number = self.numbers.get(word)
        if number is None:
            return 0.94  # the rest of a title
        return 0.88 if self._counted()[number] >= OFTEN else 0.8


def parts_of(word: str) -> set[str]:
    """What a word begins or ends with, of two signs or more."""
    if not is_chinese(word):
        return set()
    lengths = range(2, len(word))
    return {word[:n] for n in lengths} | {word[-n:] for n in lengths}


def pair_buckets(thing: Thing) -> set[int]:
    said = f"{thing.plain_title} {thing.steps} {thing.text}"
    return {bucket(first + second) for first, second in pairwise(said) if " " not in first + second}
