"""Letters typed for Chinese words: whole syllables, initials, a mixture, and southern slips."""

import re
from functools import lru_cache
from itertools import islice, product

from courses.search.chinese import is_chinese, runs

#: After a letter, the same syllable goes on or the next one begins.
JUMP = "(?:[^'=]*')?"
#: More ways to say a word are not kept; it has that many only when nearly every sign has two.
SPELLINGS_AT_MOST = 6
LONGEST_SYLLABLE = 6
#: In the south these sound alike: what is typed, and the letters that may stand in its place.
#: First at the beginning of a syllable, then within it.
ALIKE_AT_START = {
    "zh": "zh?",
    "ch": "ch?",
    "sh": "sh?",
    "z": "zh?",
    "c": "ch?",
    "s": "sh?",
    "n": "[nlr]",
    "l": "[nlr]",
    "r": "[nlr]",
    "h": "[hf]",
    "f": "[hf]",
}
ALIKE_WITHIN = {"ng": "ng?", "n": "ng?", "u": "u?"}
#: Within 花 (hua) and 发 (fa) it is the u that is left out or heard.
EXTRA_U = "(?:u(?=[ao]))?"


@lru_cache(maxsize=50_000)
def syllables(word: str) -> tuple[str, ...]:
    """Without tones; a run of letters or digits is one syllable."""
    from pypinyin import lazy_pinyin

    found: list[str] = []
    for run in runs(word):
        found += lazy_pinyin(run, v_to_u=False) if is_chinese(run) else [run]
    return tuple(found)


@lru_cache(maxsize=10_000)
def all_spellings(word: str) -> tuple[tuple[str, ...], ...]:
    """With every sound of its signs (打的 is da'di and da'de), the likeliest first."""
    from pypinyin import Style, pinyin

    found = [syllables(word)]
    if 1 < len(word) <= 5 and is_chinese(word):
        signs = pinyin(word, style=Style.NORMAL, heteronym=True, v_to_u=False)
        found += islice(product(*signs), 24)
    return tuple(dict.fromkeys(found))[:SPELLINGS_AT_MOST]


def encoded(spelling: tuple[str, ...]) -> str:
    return "".join(f"{syllable}'" for syllable in spelling)


def pattern_of(letters: str, *, with_slips: bool = False) -> str:
    """A regular expression for the beginning of an encoded spelling that the letters may mean."""
    sounds = _sounds(letters) if with_slips else list(letters)
    parts: list[str] = []
    for place, sound in enumerate(sounds):
        if not with_slips:
            parts.append((JUMP if place else "") + re.escape(sound))
        elif place == 0:
            parts.append(_at_start(sound))
        else:
            within = ALIKE_WITHIN.get(sound, re.escape(sound))
            parts.append(f"(?:{within}|[^'=]*'{_at_start(sound)})")
    return "".join(parts)


def _at_start(sound: str) -> str:
    return ALIKE_AT_START.get(sound, re.escape(sound)) + (EXTRA_U if sound in {"f", "h"} else "")


def _sounds(letters: str) -> list[str]:
    """Sounds that are written with two letters stay together."""
    return re.findall("zh|ch|sh|ng|.", letters)


def first_letters(letters: str, *, with_slips: bool = False) -> str:
    """The letters with which a spelling may begin that they may mean."""
    first = letters[:1]
    if not with_slips:
        return first
    return next((alike for alike in ("nlr", "hf") if first in alike), first)


def nearness(letters: str, spelling: tuple[str, ...]) -> float:
    """How well they fit a spelling that their pattern matches: 1 is the word itself."""
    whole, initials = "".join(spelling), "".join(syllable[:1] for syllable in spelling)
    if letters == whole:
        return 1.0
    if letters == initials:
        return 0.96
    if whole.startswith(letters):
        return 0.75 + 0.2 * len(letters) / len(whole)
    if initials.startswith(letters):
        return 0.6 + 0.3 * len(letters) / len(initials)
    begun = _begun(letters, spelling)
    return 0.55 + 0.35 * begun / len(spelling)


def is_begun_whole(letters: str, spelling: tuple[str, ...]) -> bool:
    """Whether its first syllable is being spelt, which nobody does for initials."""
    return letters.startswith(spelling[0]) or spelling[0].startswith(letters)


def _begun(letters: str, spelling: tuple[str, ...]) -> int:
    """How many syllables the letters reach into, taking as many of each as they can."""
    rest, begun = letters, 0
    for syllable in spelling:
        if not rest:
            break
        taken = len(syllable)
        while taken and not rest.startswith(syllable[:taken]):
            taken -= 1
        rest, begun = rest[max(taken, 1) :], begun + 1
    return begun


def cut_syllables(letters: str, known: set[str]) -> list[str]:
    """As few syllables as the letters can be cut into; none where they cannot."""
    #: By place: the fewest syllables before it.
    best: list[list[str] | None] = [[]]
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - LONGEST_SYLLABLE), end)
        ways = [
            [*before, letters[start:end]]
            for start in starts
            if (before := best[start]) is not None and letters[start:end] in known
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1] or []
