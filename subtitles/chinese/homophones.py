"""Words of a film's lesson that sound like what a machine wrote: 头瓶 where it says 投屏.

The machine's subtitles have them put right, and the desk offers them for what stands since. A word
is taken in place of characters that are read alike, tones apart, when the sentence is then
far more likely: by how common its words are in Chinese (jieba's counts) and in the lesson. Tones
that agree speak for it. Thresholds and what they find are in benchmarks/README.md.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import log

from subtitles.chinese.words import split_words, word_count
from subtitles.engines import Segment

_HAN = re.compile("[\u4e00-\u9fff]+")
LONGEST = 5  # characters of a word that is looked for
AROUND = 5  # characters on either side by which a place is judged
LESSON_SHARE = 0.3  # of what is said in a film comes from its lesson's words
UNKNOWN_COUNT = 0.5  # of a character that jieba does not have
DIFFERENT_TONE = 1.0  # what each costs, on the scale of natural logarithms
WORTH_OFFERING = 6.0


@dataclass(frozen=True, slots=True)
class Swap:
    """`word` may be meant where the text has other characters from `start` to `end`."""

    start: int
    end: int
    word: str


class Vocabulary:
    """The words of a lesson: how they sound, and how often each is said; its characters, and
    which of them stand side by side."""

    def __init__(self, text: str, words: Iterable[str] = ()) -> None:
        words = tuple(words)
        said = [word for run in _HAN.findall(text) for word in split_words(run)]
        self.counts = Counter(said)
        self.counts.update(word for word in words if word not in self.counts)
        self.size = sum(self.counts.values())
        self.characters = Counter("".join([text, *words]))
        self.pairs = {a + b for part in (text, *words) for a, b in pairwise(part)}
        self.by_sound: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for word in self.counts:
            if 2 <= len(word) <= LONGEST and _HAN.fullmatch(word):
                self.by_sound[sound_of(word)].append(word)

    def find_swaps(self, text: str) -> list[Swap]:
        """Return what may be meant in `text`, in its order; no two overlap."""
        found = sorted(self._weighed(text), key=lambda one: one[0], reverse=True)
        kept: list[Swap] = []
        for _gain, swap in found:
            if all(swap.end <= other.start or other.end <= swap.start for other in kept):
                kept.append(swap)
        return sorted(kept, key=lambda swap: swap.start)

    def _weighed(self, text: str) -> Iterator[tuple[float, Swap]]:
        for run in _HAN.finditer(text):
            line = run[0]
            for start in range(len(line) - 1):
                for end in range(start + 2, min(start + LONGEST, len(line)) + 1):
                    for word in self.by_sound.get(sound_of(line[start:end]), ()):
                        if word == line[start:end]:
                            continue
                        gain = self._gain(line, start, end, word)
                        if gain >= WORTH_OFFERING:
                            yield gain, Swap(run.start() + start, run.start() + end, word)

    def _gain(self, line: str, start: int, end: int, word: str) -> float:
        before, after = line[max(0, start - AROUND) : start], line[end : end + AROUND]
        heard = line[start:end]
        tones = sum(a != b for a, b in zip(read_word(heard), read_word(word), strict=True))
        likelier = self.likelihood(before + word + after) - self.likelihood(before + heard + after)
        return likelier - DIFFERENT_TONE * tones

    def likelihood(self, text: str) -> float:
        """The natural logarithm of how likely `text` is as a row of words, the likeliest way."""
        best = [0.0] + [float("-inf")] * len(text)
        for end in range(1, len(text) + 1):
            for start in range(max(0, end - LONGEST), end):
                word = text[start:end]
                common = word_count(word)
                if common == 0 and word not in self.counts and len(word) > 1:
                    continue
                share = (1 - LESSON_SHARE) * max(common, UNKNOWN_COUNT) / word_count("")
                share += LESSON_SHARE * self.counts[word] / max(1, self.size)
                best[end] = max(best[end], best[start] + log(share))
        return best[-1]


def put_right(sentences: Iterable[Segment], vocabulary: Vocabulary) -> list[Segment]:
    """Return cleaned sentences with the words that are meant, where they sound alike.

    Every character keeps its time. An engine's belief in what it wrote says nothing of the word
    in its place, so that one counts as sure: nearly all are right (benchmarks/README.md).
    """
    return [_put_right(sentence, vocabulary) for sentence in sentences]


def _put_right(sentence: Segment, vocabulary: Vocabulary) -> Segment:
    words = list(sentence.words)
    for swap in vocabulary.find_swaps(sentence.text):
        for i, character in enumerate(swap.word, start=swap.start):
            if words[i].text != character:
                words[i] = replace(words[i], text=character, probability=None)
    return replace(sentence, text="".join(word.text for word in words), words=tuple(words))


@lru_cache(maxsize=50_000)
def read_word(word: str) -> tuple[str, ...]:
    """Return its syllables with the tones' numbers."""
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True))


def sound_of(word: str) -> tuple[str, ...]:
    """Return its syllables without tones."""
    return tuple(syllable[:-1] for syllable in read_word(word))
