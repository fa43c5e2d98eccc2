"""How probably each character that a machine wrote is the one that was said.

An engine's own probability tells little: of the characters that it was least sure of most are
right, and it is sure of many a wrong homophone. Other signs tell more: a lone character where
others make words, a word that no dictionary has, two characters side by side that the lesson never
has, a sound that is another word of the lesson. `WEIGHTS` adds them up (logistic regression); they
were fitted to what faster-whisper made of the starter's narrations, which are synthetic voices,
and benchmarks/doubts.py fits them anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import exp, log, log1p
from statistics import fmean

from subtitles.chinese.homophones import LONGEST, Vocabulary, sound_of
from subtitles.chinese.words import split_words, word_count
from subtitles.engines import Segment, Word

#: What each sign of `signs_of` adds to the natural logarithm of the odds that a character is wrong.
WEIGHTS = {
    "always": 3.86,
    "sure": -0.59,
    "sure of the word": -0.45,
    "sure of the neighbours": -0.10,
    "word no dictionary has": 1.61,
    "length of the word": -0.90,
    "one more lone character": 0.29,
    "frequency": -0.23,
    "opens a sentence": -0.68,
    "lesson's pairs": -1.18,
    "lesson's character": -0.41,
    "lesson's word": -0.81,
    "sounds like another word": 1.95,
    "film like its lesson": -1.59,
}
SUREST = 0.999  # probabilities above it say no more than it does
UNKNOWN_COUNT = 0.5  # of a character that jieba does not have

Signs = dict[str, float]


def judged(sentences: Sequence[Segment], vocabulary: Vocabulary) -> list[Segment]:
    """Return cleaned `sentences` with each character's probability of being right, 0 to 1, by all
    signs instead of the engine's alone.

    `vocabulary` holds the lesson's words, or only those of the list where no lesson is known. A
    None stays None: of an engine that tells nothing, nothing is judged. Marks, letters and figures
    keep what the engine said: in the narrations there are too few to learn from, and a wrong
    figure costs most.
    """
    return [
        replace(
            sentence,
            words=tuple(
                word if told is None else replace(word, probability=_rightness(told))
                for word, told in zip(sentence.words, signs, strict=True)
            ),
        )
        for sentence, signs in zip(sentences, signs_of(sentences, vocabulary), strict=True)
    ]


def signs_of(
    sentences: Sequence[Segment], vocabulary: Vocabulary
) -> list[tuple[Signs | None, ...]]:
    """Return the signs of each character by the names in WEIGHTS; None of what keeps the
    engine's word.

    What the vocabulary knows counts as against the rest of the film: otherwise a film without a
    lesson, or with one of few words, would be lit from end to end.
    """
    signs = [tuple(_signs(sentence.words, vocabulary)) for sentence in sentences]
    told = [one for row in signs for one in row if one is not None]
    usual = {
        name: fmean(one[name] for one in told) if told else 0.0
        for name in ("lesson's pairs", "lesson's character", "lesson's word")
    }
    for one in told:
        one["film like its lesson"] = usual["lesson's pairs"]
        for name, mean in usual.items():
            one[name] -= mean
    return signs


def _rightness(signs: Signs) -> float:
    return 1 / (1 + exp(sum(WEIGHTS[name] * value for name, value in signs.items())))


def _signs(characters: Sequence[Word], vocabulary: Vocabulary) -> Iterator[Signs | None]:
    text = "".join(character.text for character in characters)
    sure = [_sureness(character.probability) for character in characters]
    known_pair = [a + b in vocabulary.pairs for a, b in pairwise(text)]
    like_another = _sounding_like_another(text, vocabulary)
    words = split_words(text)
    start = 0
    for word, after in zip(words, [*words[1:], ""], strict=True):
        end = start + len(word)
        for i in range(start, end):
            if characters[i].probability is None or not _is_judged(text[i]):
                yield None
                continue
            yield {
                "always": 1.0,
                "sure": sure[i],
                "sure of the word": min(sure[start:end]),
                "sure of the neighbours": sum(sure[max(0, i - 1) : i] + sure[i + 1 : i + 2]),
                "word no dictionary has": float(
                    not word_count(word) and word not in vocabulary.counts
                ),
                "length of the word": min(3, len(word)),
                "one more lone character": float(len(after) == 1 and after.isalnum()),
                "frequency": log(max(UNKNOWN_COUNT, word_count(text[i]))),
                "opens a sentence": float(i < 2),
                "lesson's pairs": float(sum(known_pair[max(0, i - 1) : i + 1])),
                "lesson's character": log1p(vocabulary.characters[text[i]]),
                "lesson's word": float(word in vocabulary.counts),
                "sounds like another word": float(i in like_another),
                "film like its lesson": 0.0,
            }
        start = end


def _is_judged(character: str) -> bool:
    return character.isalnum() and not character.isascii()


def _sureness(probability: float | None) -> float:
    """0 where the engine was not sure at all; what it does not tell is as sure as can be."""
    return -log(1 - min(SUREST, SUREST if probability is None else probability))


def _sounding_like_another(text: str, vocabulary: Vocabulary) -> set[int]:
    """Return which characters of `text` are read like a word of the vocabulary, but another."""
    found: set[int] = set()
    for start in range(len(text) - 1):
        for end in range(start + 2, min(start + LONGEST, len(text)) + 1):
            heard = text[start:end]
            if not text[end - 1].isalnum():
                break
            if any(word != heard for word in vocabulary.by_sound.get(sound_of(heard), ())):
                found.update(range(start, end))
    return found
