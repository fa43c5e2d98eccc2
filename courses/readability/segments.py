"""Where the words of a sentence begin and end: the likeliest cut by the counts of a dictionary.

The same sum as jieba's, over its counts, with two differences: our own words take part, and no word
of the dictionary is longer than three signs, so that a long compound hides none of ours.
"""

import re
from collections.abc import Collection
from math import log

from subtitles.chinese.words import word_count

LONGEST_OF_DICTIONARY = 3
#: What is cut as one piece without asking anybody: a number, a Latin word, blanks, a single mark.
PIECE = re.compile(r"[\u3400-\u9fff〇]+|[A-Za-z]+|\d+|\s+|.", re.DOTALL)
#: 看一看, 试一试, of which dictionaries have few.
REPEATED = re.compile(r"(.)一\1")
REPEATED_COUNT = 500
#: By its length, how often the dictionary's texts must have a word. Rare ones of three signs are
#: often none (看置顶).
LEAST_COUNTS = (0, 0, 1, 4)
#: By so much is a word of ours likelier than its parts, when the dictionary does not have it.
OURS_IS_LIKELIER = 0.1


class Segmenter:
    """Cuts by a dictionary and by words of our own."""

    def __init__(self, own: Collection[str]) -> None:
        self.own = frozenset(own)
        self._longest = max(map(len, self.own), default=1)
        self._likelihoods: dict[str, float] = {}

    def borders(self, text: str) -> frozenset[int]:
        """The places between words, the beginning and the end of the text included."""
        found = {0}
        for match in PIECE.finditer(text):
            found.add(match.end())
            if match[0][0] >= "\u3007" and len(match[0]) > 1:
                found |= {match.start() + place for place in self._cut(match[0])}
        return frozenset(found)

    def _cut(self, run: str) -> list[int]:
        """The ends of the words of a run of Chinese signs."""
        reach = max(LONGEST_OF_DICTIONARY, self._longest)
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(run) + 1):
            options = [
                (best[start][0] + likelihood, start)
                for start in range(max(0, end - reach), end)
                if (likelihood := self._likelihood(run[start:end])) is not None
            ]
            best.append(max(options))
        ends, end = [], len(run)
        while end:
            ends.append(end)
            end = best[end][1]
        return ends

    def _likelihood(self, word: str) -> float | None:
        """The logarithm of how likely it is as a word; None when it is none."""
        known = self._likelihoods.get(word)
        if known is not None:
            return known
        own = word in self.own and len(word) > 1
        if not own and len(word) > LONGEST_OF_DICTIONARY:
            return None
        count = REPEATED_COUNT if REPEATED.fullmatch(word) else word_count(word)
        if not own and count < LEAST_COUNTS[len(word)]:
            return None
        likelihood = log(count or 1) - log(word_count(""))
        if own:
            likelihood = max(likelihood if count else -1e9, self._of_parts(word) + OURS_IS_LIKELIER)
        self._likelihoods[word] = likelihood
        return likelihood

    def _of_parts(self, word: str) -> float:
        """How likely the best cut of it into two or more parts is."""
        best = [0.0]
        for end in range(1, len(word) + 1):
            best.append(
                max(
                    best[start] + likelihood
                    for start in range(end)
                    if end - start < len(word)
                    and (likelihood := self._likelihood(word[start:end])) is not None
                )
            )
        return best[-1]
