"""Make of what an engine wrote what a reader should see, and leave out what nobody said.

Nothing here changes when something was said: every character keeps its time, though none of it
lasts for LONGEST_CHARACTER_MS.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from itertools import groupby
from statistics import fmean
from typing import TYPE_CHECKING

from subtitles.chinese.numbers import numbers_as_written
from subtitles.chinese.words import least_sure, read_list, single_characters
from subtitles.engines import Segment, Word

if TYPE_CHECKING:
    from opencc import OpenCC

REPEATS_ITSELF_ABOVE = 2.4  # compression ratio; the threshold of Whisper's own decoder
SCRAP_MS, SCRAP_LOGPROB = 1_000, -1.0  # the latter is again that of Whisper's own decoder
# Nobody says a character for longer: an engine that gives it more has lost its place.
LONGEST_CHARACTER_MS = 1_000
SAME_SENTENCE_AT_MOST = 2  # in a row; a third time is a loop
SENTENCE_ENDS = "。！？…"
ECHO_OF_PROMPT = 14  # characters in a row that the prompt has too

# An engine that is this unsure may have invented the line.
UNSURE_NO_SPEECH = 0.5
UNSURE_LOGPROB = -0.8
UNSURE_PROBABILITY = 0.35

# Under both, an engine wrote words and understood few of them.
UNDERSTOOD_LOGPROB = -0.5
UNDERSTOOD_PROBABILITY = 0.7

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_WIDE = rf"{_HAN}，。！？；：、（）“”…"
_SOUND_DESCRIPTION = re.compile(r"[\[(（【*][^\])）】*]{0,8}[\])）】*]|[♪♫♬]+")
_LOOP = re.compile(r"((?:(?!\d+\d)[^。！？]){1,20}?)\1{4,}")
_HALF_WIDTH = {
    ord(wide): chr(ord(wide) - 0xFEE0)
    for first, last in ("０９", "ＡＺ", "ａｚ")
    for wide in map(chr, range(ord(first), ord(last) + 1))
}
_FULL_WIDTH = {
    ",": "，",
    ".": "。",
    "?": "？",
    "!": "！",
    ":": "：",
    ";": "；",
    "(": "（",
    ")": "）",
}
_MARKS = "".join(map(re.escape, _FULL_WIDTH))
_LONE_MARK = re.compile(rf"(?<![A-Za-z0-9])[{_MARKS}]|[{_MARKS}](?![A-Za-z0-9])")  # not in 3.5


def clean_segments(segments: Iterable[Segment], *, prompt: str = "") -> list[Segment]:
    """Return the sentences in Simplified Chinese with full-width marks and numbers in figures,
    invented ones left out.

    Each segment of the result is a sentence, each word of it a character. `prompt` is what the
    engine was given, lest it be taken for speech.
    """
    sentences = [
        sentence
        for segment in segments
        if not is_noise(segment)
        for sentence in _sentences(segment)
        if not is_phantom(sentence) and not _echoes(sentence, prompt)
    ]
    kept: list[Segment] = []
    for _text, group in groupby(sentences, key=lambda sentence: spoken_text(sentence.text)):
        same = list(group)
        kept += same if len(same) <= SAME_SENTENCE_AT_MOST else same[:1]
    return kept


def simplify(text: str) -> str:
    """Return `text` in Simplified characters and mainland spelling."""
    text = _converter().convert(text)
    for pattern, spelling in _mainland_spellings():
        text = pattern.sub(spelling, text)
    return text


def traditional_characters(text: str) -> set[str]:
    """Return the characters of `text` that Simplified Chinese writes otherwise."""
    simplified = _converter().convert(text)
    return {before for before, after in zip(text, simplified, strict=True) if before != after}


def punctuate(text: str) -> str:
    """Return `text` with full-width marks beside Chinese, half-width letters and digits.

    Numbers stay as they were written: 3.5, 12:30 and 1,000 keep their marks.
    """
    text = text.translate(_HALF_WIDTH).strip()
    text = re.sub(r'"([^"]*)"', r"“\1”", text)
    text = re.sub(r"[.。]{3,}", "……", text)
    text = _LONE_MARK.sub(lambda mark: _FULL_WIDTH[mark[0]], text)
    text = re.sub(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])", "，", text)  # a breath
    text = re.sub(rf"\s+(?=[{_WIDE}])|(?<=[{_WIDE}])\s+", "", text)
    text = re.sub("。{3,}", "……", text)  # dots that a space parted
    return re.sub(r"([，、；：])[，、；：]+", r"\1", text)


def spoken_text(text: str) -> str:
    """Return the letters, digits and characters of `text`, lower case: what can be heard."""
    return "".join(character for character in text if character.isalnum()).lower()


def is_noise(segment: Segment) -> bool:
    """Whether the engine's own figures say that it was caught in a loop or heard a mere scrap.

    A figure that it does not tell says neither.
    """
    is_scrap = segment.end_ms - segment.start_ms < SCRAP_MS
    return _above(segment.compression_ratio, REPEATS_ITSELF_ABOVE) or (
        is_scrap and _below(segment.avg_logprob, SCRAP_LOGPROB)
    )


def is_phantom(sentence: Segment) -> bool:
    """Whether engines are known to invent such a line where nobody speaks, or it says nothing."""
    text = spoken_text(sentence.text)
    told = [word.probability for word in sentence.words if word.probability is not None]
    unsure = (
        _above(sentence.no_speech_probability, UNSURE_NO_SPEECH)
        or _below(sentence.avg_logprob, UNSURE_LOGPROB)
        or _below(fmean(told) if told else None, UNSURE_PROBABILITY)
    )
    return not text or any(
        unsure and text == line[1:] if line.startswith("?") else line in text
        for line in phantom_lines()
    )


def _above(told: float | None, limit: float) -> bool:
    return told is not None and told > limit


def _below(told: float | None, limit: float) -> bool:
    return told is not None and told < limit


def is_understood(sentence: Segment) -> bool:
    """Whether enough of what an engine wrote of a sentence is likely to be what was said.

    With noise as loud as the voice, or two voices at once, it writes fluent nonsense. Under both
    thresholds about half of the characters were right; of clear speech nothing lies under
    either (benchmarks/README.md). True where the engine does not tell.
    """
    sure = [word.probability for word in sentence.words if word.probability is not None]
    return (
        not sure
        or sentence.avg_logprob is None
        or sentence.avg_logprob >= UNDERSTOOD_LOGPROB
        or fmean(sure) >= UNDERSTOOD_PROBABILITY
    )


@cache
def phantom_lines() -> tuple[str, ...]:
    return read_list("phantom_lines.txt")


def _tidied(words: Sequence[Word]) -> list[Word]:
    characters = list(single_characters(words))
    text = "".join(character.text for character in characters)
    tidy = numbers_as_written(punctuate(_SOUND_DESCRIPTION.sub("", simplify(text))))
    return [
        replace(word, end_ms=min(word.end_ms, word.start_ms + LONGEST_CHARACTER_MS))
        for word in _retimed(characters, _LOOP.sub(r"\1", tidy))
    ]


def _retimed(characters: Sequence[Word], text: str) -> list[Word]:
    """Give the characters of `text` the times of those that they replace."""
    before = "".join(character.text for character in characters)
    retimed: list[Word] = []
    matcher = SequenceMatcher(None, before, text, autojunk=False)
    for _tag, old, old_end, new, new_end in matcher.get_opcodes():
        if new == new_end:
            continue
        replaced = characters[old:old_end] or characters[max(0, old - 1) : max(1, old)]
        span = Word(
            replaced[0].start_ms if old < old_end else replaced[0].end_ms,
            replaced[-1].end_ms,
            text[new:new_end],
            least_sure(replaced),
        )
        if new_end - new == len(replaced) and old < old_end:
            retimed += (
                replace(character, text=written)
                for character, written in zip(replaced, span.text, strict=True)
            )
        else:
            retimed += single_characters([span])
    return retimed


def _sentences(segment: Segment) -> Iterator[Segment]:
    characters = _tidied(segment.words)
    first = 0
    for i in range(1, len(characters) + 1):
        if i == len(characters) or (
            characters[i - 1].text in SENTENCE_ENDS and characters[i].text.isalnum()
        ):
            words = tuple(characters[first:i])
            yield replace(
                segment,
                start_ms=words[0].start_ms,
                end_ms=words[-1].end_ms,
                text="".join(word.text for word in words),
                words=words,
            )
            first = i


def _echoes(sentence: Segment, prompt: str) -> bool:
    text, heard = spoken_text(sentence.text), spoken_text(prompt)
    match = SequenceMatcher(None, text, heard, autojunk=False).find_longest_match()
    return match.size >= ECHO_OF_PROMPT


@cache
def _converter() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _mainland_spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = (line.split("\t") for line in read_list("mainland.tsv"))
    return tuple((re.compile(pattern), spelling) for pattern, spelling in rows)
