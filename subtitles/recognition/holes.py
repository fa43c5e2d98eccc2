"""Where somebody speaks and nothing was understood.

The voice filter and the engine judge the same sound independently: what the filter calls voice and
no word covers is a hole. A hole is heard again in other ways (`RETRIES`); what stays open is marked
for learners and reviewers (`subtitles.cues.UNHEARD`), never passed over.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from subtitles.chinese.cleaning import spoken_text
from subtitles.cues import UNHEARD
from subtitles.engines import Segment, Word
from subtitles.engines.speech import SpeechSpan

#: Voice without a word for longer is a hole: some six characters at a teacher's pace.
SHORTEST_HOLE_MS = 1_500
#: Words nearer than this leave no voice between them uncovered: engines tell where a word begins
#: and ends to within some tenths of a second only.
JOINED_MS = 600
#: Pieces of uncovered voice with less between them, and no word, are one hole.
PARTED_MS = 2_000
#: What nobody understands for longer is several holes: each is heard again by itself.
LONGEST_HOLE_MS = 60_000
#: An engine that is less certain than this guesses (the threshold of Whisper's own decoder).
LEAST_LOGPROB = -1.0
#: So much alike, words in a hole are those of a sentence beside it that an engine pressed into a
#: moment: nobody speaks a character in less than SQUEEZED_MS. At a speaker's pace the same words
#: are said twice, and written twice.
SAME_WORDS = 0.6
BESIDE_MS = 10_000
SQUEEZED_MS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Another way to hear a hole: with so much of the recording on either side of it, with or
    without the prompt, and at a temperature (0: the likeliest words)."""

    context_ms: int
    prompted: bool
    temperature: float


RETRIES = (
    Retry(context_ms=300, prompted=True, temperature=0.0),
    Retry(context_ms=5_000, prompted=False, temperature=0.0),
    Retry(context_ms=300, prompted=False, temperature=0.4),
)

Hear = Callable[[SpeechSpan, Retry], list[Segment]]
"""Returns the cleaned sentences of a stretch, in times of the whole recording."""


def find_holes(voiced: Iterable[SpeechSpan], sentences: Iterable[Segment]) -> list[SpeechSpan]:
    """Return where `voiced` has more than SHORTEST_HOLE_MS of voice that no word covers, in order.

    A hole may hold short silences, which do not count towards its length.
    """
    covered = _covered(sentences)
    holes: list[list[SpeechSpan]] = []
    for piece in _cut(_uncovered(voiced, covered)):
        if (
            holes
            and piece.end_ms - holes[-1][0].start_ms <= LONGEST_HOLE_MS
            and _are_one(holes[-1][-1], piece, covered)
        ):
            holes[-1].append(piece)
        else:
            holes.append([piece])
    return [
        SpeechSpan(pieces[0].start_ms, pieces[-1].end_ms)
        for pieces in holes
        if sum(piece.duration_ms for piece in pieces) > SHORTEST_HOLE_MS
    ]


def fill_holes(
    holes: Iterable[SpeechSpan], sentences: Sequence[Segment], *, hear: Hear
) -> tuple[list[Segment], list[SpeechSpan]]:
    """Hear each hole again; return all sentences in order, and the holes that no way closed."""
    said = list(sentences)
    left: list[SpeechSpan] = []
    for hole in holes:
        found, still_open = _heard_again(hole, sentences, hear)
        said += found
        left += still_open
    said.sort(key=lambda sentence: sentence.start_ms)
    return said, left


def marked(sentences: Iterable[Segment], holes: Sequence[SpeechSpan]) -> list[Segment]:
    """Return the sentences with a mark in the place of each hole, in order; a sentence that goes
    on behind a hole is parted there."""
    segments = list(sentences)
    for hole in holes:
        segments = [part for segment in segments for part in _parted(segment, hole.start_ms)]
    for hole in holes:
        mark = Word(hole.start_ms, hole.end_ms, UNHEARD, None)
        segments.append(Segment(hole.start_ms, hole.end_ms, UNHEARD, (mark,)))
    return sorted(segments, key=lambda segment: segment.start_ms)


def _parted(segment: Segment, at_ms: int) -> Iterator[Segment]:
    """Yield what of a segment begins before a moment, marks and all, and the words after it."""
    before = tuple(word for word in segment.words if word.start_ms < at_ms)
    after = segment.words[len(before) :]
    while after and not after[0].text.isalnum():
        before, after = (*before, after[0]), after[1:]
    if before:
        last = replace(before[-1], end_ms=min(before[-1].end_ms, max(at_ms, before[-1].start_ms)))
        yield _of_words(segment, (*before[:-1], last))
    if after:
        yield _of_words(segment, after)


def _of_words(segment: Segment, words: tuple[Word, ...]) -> Segment:
    """Return the part of a segment that these words of it make."""
    text = "".join(word.text for word in words)
    return replace(
        segment, start_ms=words[0].start_ms, end_ms=words[-1].end_ms, text=text, words=words
    )


def _heard_again(
    hole: SpeechSpan, sentences: Sequence[Segment], hear: Hear
) -> tuple[list[Segment], list[SpeechSpan]]:
    """Return the words that closed most of a hole, and what they left open of it."""
    best: list[Segment] = []
    left = [hole]
    for retry in RETRIES:
        found = [
            within
            for sentence in hear(hole, retry)
            if sentence.avg_logprob is None or sentence.avg_logprob >= LEAST_LOGPROB
            if (within := _within(hole, sentence)) is not None
        ]
        still_open = find_holes([hole], found)
        if not _are_said_beside(found, hole, sentences):
            if _length_ms(still_open) < _length_ms(left):
                best, left = found, still_open
        elif not still_open:
            return [], []  # the words are there already: the engine mistook their times
        if not left:
            break
    return best, left


def _length_ms(spans: Iterable[SpeechSpan]) -> int:
    return sum(span.duration_ms for span in spans)


def _within(hole: SpeechSpan, sentence: Segment) -> Segment | None:
    """Return what of a sentence is said in the hole for the most part; None where nothing is."""
    words = tuple(
        word
        for word in sentence.words
        if hole.start_ms <= (word.start_ms + word.end_ms) / 2 < hole.end_ms
    )
    return _of_words(sentence, words) if any(word.text.isalnum() for word in words) else None


def _are_said_beside(
    found: Sequence[Segment], hole: SpeechSpan, sentences: Sequence[Segment]
) -> bool:
    """Whether the words found in a hole stand next to it already, at a wrong time."""
    heard = spoken_text("".join(sentence.text for sentence in found))
    beside = spoken_text(
        "".join(
            sentence.text
            for sentence in sentences
            if sentence.end_ms > hole.start_ms - BESIDE_MS
            and sentence.start_ms < hole.end_ms + BESIDE_MS
            and sentence.end_ms - sentence.start_ms < SQUEEZED_MS * len(spoken_text(sentence.text))
        )
    )
    if not heard:
        return False
    blocks = SequenceMatcher(None, beside, heard, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) >= SAME_WORDS * len(heard)


def _covered(sentences: Iterable[Segment]) -> list[SpeechSpan]:
    """Return the stretches with words, in order, short pauses between words included."""
    words = sorted(
        (word.start_ms, word.end_ms)
        for sentence in sentences
        for word in sentence.words
        if word.text.isalnum()
    )
    covered: list[SpeechSpan] = []
    for start_ms, end_ms in words:
        if covered and start_ms - covered[-1].end_ms < JOINED_MS:
            covered[-1] = SpeechSpan(covered[-1].start_ms, max(covered[-1].end_ms, end_ms))
        else:
            covered.append(SpeechSpan(start_ms, end_ms))
    return covered


def _uncovered(voiced: Iterable[SpeechSpan], covered: Sequence[SpeechSpan]) -> Iterator[SpeechSpan]:
    """Yield what of `voiced` lies outside `covered`; both are in order and without overlap."""
    first = 0
    for span in voiced:
        at_ms = span.start_ms
        while first < len(covered) and covered[first].end_ms <= span.start_ms:
            first += 1
        for stretch in covered[first:]:
            if stretch.start_ms >= span.end_ms:
                break
            if stretch.start_ms > at_ms:
                yield SpeechSpan(at_ms, stretch.start_ms)
            at_ms = max(at_ms, stretch.end_ms)
        if at_ms < span.end_ms:
            yield SpeechSpan(at_ms, span.end_ms)


def _cut(pieces: Iterable[SpeechSpan]) -> Iterator[SpeechSpan]:
    """Yield the pieces, a long one in parts of LONGEST_HOLE_MS."""
    for piece in pieces:
        for start_ms in range(piece.start_ms, piece.end_ms, LONGEST_HOLE_MS):
            yield SpeechSpan(start_ms, min(piece.end_ms, start_ms + LONGEST_HOLE_MS))


def _are_one(before: SpeechSpan, after: SpeechSpan, covered: Sequence[SpeechSpan]) -> bool:
    return after.start_ms - before.end_ms < PARTED_MS and not any(
        stretch.overlap_ms(before.end_ms, after.start_ms) for stretch in covered
    )
