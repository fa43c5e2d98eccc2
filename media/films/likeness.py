"""How alike Chinese phrases are: by pairs of characters, by characters, and by how they sound.

Steps, screens and narration tell the same in other words (点“设置”: 找一个小齿轮，写着“设置”).
What stands in many of the phrases says little about any of them, so it counts less.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from math import log

#: Digits as they are said on the telephone, and as they are written.
SAID_DIGITS = str.maketrans("幺零一二三四五六七八九", "10123456789")
#: Weights of a shared pair of characters, a shared character, a shared pair of syllables.
PAIR, CHARACTER, SOUND = 1.0, 0.4, 0.3

_RUN = re.compile(r"\w+")


@lru_cache(maxsize=5000)
def features(text: str) -> dict[str, float]:
    """What of a text is compared, each with its weight."""
    from pypinyin import lazy_pinyin

    found: dict[str, float] = {}
    for run in _RUN.findall(text.translate(SAID_DIGITS)):
        syllables = lazy_pinyin(run)
        found.update(dict.fromkeys(run, CHARACTER))
        found.update((a + b, PAIR) for a, b in pairwise(run))
        found.update((f"{a} {b}", SOUND) for a, b in pairwise(syllables))
    return found


class Likeness:
    """Compares phrases with those of one story, which say how much each feature tells."""

    def __init__(self, phrases: Iterable[str]) -> None:
        kept = list(phrases)
        self._count = max(1, len(kept))
        self._seen = Counter(feature for phrase in kept for feature in features(phrase))

    def share(self, phrase: str, other: str) -> float:
        """How much of `phrase` stands in `other` too, 0 to 1."""
        mine, theirs = features(phrase), features(other)
        all_of_it = sum(self._weight(name, weight) for name, weight in mine.items())
        shared = sum(self._weight(name, weight) for name, weight in mine.items() if name in theirs)
        return shared / all_of_it if all_of_it else 0.0

    def alike(self, one: str, other: str) -> float:
        """Both ways, 0 to 1."""
        return (self.share(one, other) * self.share(other, one)) ** 0.5

    def _weight(self, feature: str, weight: float) -> float:
        return weight * log(1 + self._count / (0.5 + self._seen[feature]))
