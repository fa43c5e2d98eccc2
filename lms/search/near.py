"""What comes near where nothing is called so: words that share signs or sounds with what was asked,
and words that somebody who slipped by one letter may have meant."""

import re
from collections import Counter
from typing import Final

from courses.search.chinese import is_chinese
from lms.search.index import Index
from lms.search.pinyin import cut_syllables, syllables
from lms.search.ranking import best_for

#: As they come out of a text when nothing but Latin letters and figures was typed.
LETTERS: Final = re.compile("[a-z0-9]+", re.ASCII)
#: A word that shares less of what was asked, rare signs counting most, is not near.
SHARED_AT_LEAST: Final = 0.5
#: Words whose things are looked at.
NEAR_AT_MOST: Final = 8
#: Shorter letters are near to everything by one slip.
SHORTEST_SLIP: Final = 5


def near_words(index: Index, asked: list[str]) -> dict[str, float]:
    """Words of groups that come near and find something, with how near, from 0 to 1."""
    run = "".join(asked)
    if LETTERS.fullmatch(run):
        near = _by_shared(index, tuple(cut_syllables(run, index.sounds())))
    else:
        near = _by_shared(index, tuple(sign for run in asked if is_chinese(run) for sign in run))
    return _that_find(index, near, run)


def slipped_words(index: Index, asked: list[str]) -> dict[str, float]:
    """Words of groups that somebody meant who typed one letter too many, too few, or another."""
    run = "".join(asked)
    return _that_find(index, _by_one_slip(index, run), run) if LETTERS.fullmatch(run) else {}


def _that_find(index: Index, near: dict[str, float], run: str) -> dict[str, float]:
    """The nearest few that find something."""
    ordered = sorted(near, key=lambda word: (-near[word], index.places.get(word, 0)))
    found = [word for word in ordered[: 2 * NEAR_AT_MOST] if word != run and best_for(index, word)]
    return {word: near[word] for word in found[:NEAR_AT_MOST]}


def _by_shared(index: Index, parts: tuple[str, ...]) -> dict[str, float]:
    """Words by the share of signs or syllables that they have too."""
    by_sound = parts[:1] != () and parts[0].isascii()
    words = {
        word: frozenset(syllables(word) if by_sound else word)
        for word in index.group_of
        if is_chinese(word)
    }
    having = Counter(part for own in words.values() for part in own)
    wanted = {part: 1 / (1 + having[part]) ** 0.5 for part in parts}
    whole = sum(wanted.values())
    found: dict[str, float] = {}
    for word, own in words.items():
        shared = [weight for part, weight in wanted.items() if part in own]
        share = sum(shared) / whole if shared else 0
        if share >= SHARED_AT_LEAST and (len(shared) > 1 or len(wanted) < 3):
            found[word] = share * (0.8 + 0.2 * len(shared) / len(own))
    return found


def _by_one_slip(index: Index, letters: str) -> dict[str, float]:
    """Words whose spelling has one letter more, less, or another."""
    if len(letters) < SHORTEST_SLIP:
        return {}
    spelt = {word: "".join(syllables(word)) for word in index.group_of}
    return {
        word: 1 - 1 / len(letters)
        for word, whole in spelt.items()
        if abs(len(whole) - len(letters)) <= 1 and is_one_slip(letters, whole)
    }


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is too many, missing, or another."""
    same = 0
    while same < min(len(typed), len(meant)) and typed[same] == meant[same]:
        same += 1
    rest, other = typed[same:], meant[same:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
