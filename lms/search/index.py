"""The index in the memory of a process: what all entries say, and how their words sound.

Chinese is looked for in the texts themselves; a bit for each pair of neighbours keeps that short.
Letters are looked for among the words, and these lead to the things that say them.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from math import log2, log10
from typing import Any, Final

from courses.search.chinese import is_chinese
from lms.search.cutting import BETWEEN, is_scattered, is_two_words
from lms.search.models import EntryKind
from lms.search.pinyin import (
    all_spellings,
    encoded,
    first_letters,
    is_begun_whole,
    nearness,
    pattern_of,
    syllables,
)
from lms.search.things import (
    BUCKETS,
    EVERYBODY_SAYS,
    LESS_COMMON,
    LESSONS_SAY,
    SELDOM,
    SOUGHT_AT_MOST,
    SOUGHT_TWICE,
    STEPS,
    SUGGESTED,
    TEXT,
    TITLE,
    Keys,
    Meaning,
    Sounded,
    Thing,
    bucket,
    pair_buckets,
    parts_of,
    plain,
)
from subtitles.chinese.words import word_count

#: Words that fit some letters, the likeliest first; more are not looked at.
WORDS_AT_MOST: Final = 240
#: A sound that is not the usual one of the word's signs.
UNLIKELY: Final = 0.93
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
        self.by_ends: dict[
            str, list[str]
        ] = {}  # their words by first and last sign, the longest first
        self.places: dict[str, int] = {}  # of words, the foremost in any of their groups
        self.sought: dict[str, int] = {}
        self.common: dict[str, float] = {}  # how common words are
        self.said: Counter[int] | None = None  # by word; None: to be counted anew
        self.keys: dict[str, Keys] | None = None  # None: to be made anew
        self.by_end_sounds: dict[tuple[str, str], list[str]] = {}  # made with the keys
        self.by_spelling: dict[str, list[str]] = {}
        self.by_initials: dict[str, list[str]] = {}
        self.syllables: set[str] = set()  # of all words
        self.in_titles: set[int] = set()  # numbers of words; counted with what is said
        self.remembered: dict[str, list[tuple[int, float]]] = {}
        self.of_meaning: dict[Meaning, dict[int, float]] = {}  # what its words deserve (ranking.py)

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
        self.group_of, self.parts, self.places = {}, {}, {}
        for group in self.groups:
            words = list(map(plain, group.words))
            for place, word in enumerate(words):
                self.group_of.setdefault(word, []).append(group)
                self.places[word] = min(place, self.places.get(word, place))
            for part in {part for word in words for part in parts_of(word)}:
                self.parts.setdefault(part, []).append(group)
        self.by_ends = {}
        for word in sorted(self.group_of, key=len, reverse=True):
            if len(word) > 1 and is_chinese(word):
                self.by_ends.setdefault(word[0] + word[-1], []).append(word)
        self._changed()

    def take_sought(self, times: dict[str, int]) -> None:
        """How often words have found something here."""
        self.sought = times
        self.common.clear()

    def _changed(self) -> None:
        self.keys = None
        self.said = None
        self.remembered.clear()
        self.of_meaning.clear()
        self.common.clear()

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
        """Those that have it; else those with a word that begins or ends with it, where they lead
        to one page or two."""
        parts = self.parts.get(word, [])
        few = len({group.leads_to or group for group in parts}) <= PARTS_AT_MOST
        return self.group_of.get(word) or (parts if few else [])

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
        best: dict[str, Sounded] = {}
        for first in first_letters(letters, with_slips=with_slips):
            keys = self._keys().get(first)
            if keys is None:
                continue
            for match in islice(pattern.finditer(keys.lines), WORDS_AT_MOST):
                word, spelling = keys.words[int(match[2])]
                how_near = nearness(letters, spelling)
                if spelling != syllables(word):
                    how_near *= UNLIKELY
                if word not in best or how_near > best[word].nearness:
                    best[word] = Sounded(word, how_near, is_begun_whole(letters, spelling))
        return list(best.values())

    def spelt(self, letters: str) -> list[str]:
        """The first few words that are spelt exactly so, those of groups first."""
        self._keys()
        return self.by_spelling.get(letters, [])

    def begun(self, letters: str) -> list[str]:
        """The first few words of several signs that have exactly these initials."""
        self._keys()
        return self.by_initials.get(letters, [])

    def scattered(self, parts: tuple[str, ...]) -> list[str]:
        """Words of groups that are these syllables with a few left out, the longest first."""
        self._keys()
        longest_first = self.by_end_sounds.get((parts[0], parts[-1]), [])
        return [word for word in longest_first if is_scattered(syllables(word), parts)]

    def sounds(self) -> set[str]:
        """Syllables of all known words."""
        self._keys()
        return self.syllables

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
        self.by_end_sounds = {}
        for words in self.by_ends.values():
            for word in words:
                own = syllables(word)
                self.by_end_sounds.setdefault((own[0], own[-1]), []).append(word)
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
        if len(word) == 2 and not self.is_seldom(word):
            for between in self.between:
                self._keep(self.by_spelling, between.join(spelling), word)
        if self.topic(word) >= STEPS_TOPIC and (
            word in self.group_of or not is_two_words(word, self.numbers)
        ):
            self._keep(self.by_initials, "".join(syllable[:1] for syllable in spelling), word)

    def _keep(self, there: dict[str, list[str]], letters: str, word: str) -> None:
        words = there.setdefault(letters, [])
        if len(words) < SPELT_AT_MOST and word not in words:
            words.append(word)

    def _spelt(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for word in sorted(self.group_of, key=lambda word: self.places[word]):
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
        return 1.0 if word in self.group_of else self.said_where(word)

    def said_where(self, word: str) -> float:
        """The best place where any thing says it; 0: nowhere."""
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
        if piece[1:-1] in BETWEEN and word in self.group_of:
            return word
        longest_first = self.by_ends.get(word, [])
        return next((each for each in longest_first if is_scattered(each, piece)), "")

    def is_seldom(self, word: str) -> bool:
        """Whether no group has it as a word that people say."""
        return all(group.seldom for group in self.group_of.get(word, []))

    def commonness(self, word: str) -> float:
        """How likely a word is meant, beside others that the same letters may mean; about 1."""
        known = self.common.get(word)
        if known is None:
            suggested = any(group.suggested for group in self.group_of.get(word, []))
            seldom = word in self.group_of and self.is_seldom(word)
            sought = SOUGHT_TWICE * log2(1 + self.sought.get(word, 0))
            known = self.common[word] = (
                1
                + EVERYBODY_SAYS * min(1, log10(1 + word_count(word)) / 4)
                + LESSONS_SAY * self.said_where(word)
                + SUGGESTED * suggested
                - SELDOM * seldom
                + min(sought, SOUGHT_AT_MOST)
                - LESS_COMMON * self.places.get(word, 0)
            )
        return known
