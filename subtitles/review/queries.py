"""What the review desk and the lists beside it show."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from django.db.models import Count, F, Sum

from media.choices import SpokenLanguage
from subtitles.chinese.homophones import Swap, Vocabulary
from subtitles.chinese.words import split_words
from subtitles.cues import STANDARD, UNHEARD
from subtitles.cues.problems import ADVICE, SHORT_LABELS, Reason
from subtitles.models import Reviewer, Track, TrackCue, TrackVersion
from subtitles.recognition.hints import hot_words, vocabulary_beside

LONGEST_WORD = 12
OFTEN = 2  # times that a correction is made before it offers itself on the list's own page
LOOKED_THROUGH = 3000  # corrected cues, the newest first


def rules_as_json() -> dict[str, Any]:
    """The figures that the desk shows while somebody types; they stand once, in subtitles.cues."""
    return {
        "lineWidth": STANDARD.line_width,
        "lines": STANDARD.lines,
        "aimed": STANDARD.aimed_speed,
        "warned": STANDARD.warned_speed,
        "refused": STANDARD.refused_speed,
        "shortest": STANDARD.shortest_ms,
        "longest": STANDARD.longest_ms,
        "gap": STANDARD.gap_ms,
        "unheard": UNHEARD,
        "reasons": {
            reason.value: {
                "words": str(reason.label),
                "short": str(SHORT_LABELS[reason]),
                "rule": reason not in ADVICE,
            }
            for reason in Reason
        },
    }


def cues_as_json(track: Track, rows: Iterable[TrackCue]) -> list[dict[str, Any]]:
    known = set(hot_words())
    vocabulary = vocabulary_of(track)
    return [
        {
            "id": row.pk,
            "revision": row.revision,
            "start": row.start_ms,
            "end": row.end_ms,
            "text": row.text,
            "chapter": row.chapter,
            "doubts": row.open_doubts,
            "times": row.open_times,
            "swaps": [astuple(swap) for swap in swaps_in(row, vocabulary)],
            "seen": row.seen_at is not None,
            "problems": row.problems,
            "waived": row.waived,
            "offer": next(
                (
                    {"heard": heard, "word": word}
                    for heard, word in corrected_words(row.heard, row.text)
                    if word not in known
                ),
                None,
            ),
        }
        for row in rows
    ]


def vocabulary_of(track: Track) -> Vocabulary | None:
    """`vocabulary_beside` of the track's film; None where the track is in another language."""
    return vocabulary_beside(track.video) if track.language == SpokenLanguage.MANDARIN else None


def swaps_in(row: TrackCue, vocabulary: Vocabulary | None) -> list[Swap]:
    """Words that may be meant by what stands; none once somebody said that they heard it so."""
    if vocabulary is None or Reason.DOUBTFUL.value in row.waived:
        return []
    return vocabulary.find_swaps(row.text)


def reviewers_as_json(reviewers: Iterable[Reviewer]) -> list[dict[str, Any]]:
    return [
        {"name": one.user.get_full_name() or one.user.get_username(), "cue": one.cue}
        for one in reviewers
    ]


def corrected_words(heard: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield what was heard and the word that a person wrote instead, whole words only.

    A cue that was split, merged or written anew says nothing about single words.
    """
    heard, text = heard.replace("\n", ""), text.replace("\n", "")
    if not heard or heard == text:
        return
    matcher = SequenceMatcher(None, heard, text, autojunk=False)
    if matcher.ratio() < 0.5:
        return
    spans: list[tuple[int, int]] = []
    for word in split_words(text):
        start = spans[-1][1] if spans else 0
        spans.append((start, start + len(word)))
    for tag, old, old_end, new, new_end in matcher.get_opcodes():
        if tag != "replace" or old_end - old > LONGEST_WORD:
            continue
        start = min(span[0] for span in spans if span[1] > new)
        end = max(span[1] for span in spans if span[0] < new_end)
        word = text[start:end]
        if 2 <= len(word) <= LONGEST_WORD and word.isalnum() and not word.isdecimal():
            yield heard[max(0, old - (new - start)) : old_end + (end - new_end)], word


@dataclass(frozen=True)
class WordOffer:
    heard: str
    word: str
    times: int


def frequent_corrections() -> list[WordOffer]:
    """Corrections made often whose word is not on the list, the most frequent first."""
    known = set(hot_words())
    rows = (
        TrackCue.objects.exclude(heard="")
        .exclude(heard=F("text"))
        .order_by("-pk")
        .values_list("heard", "text")[:LOOKED_THROUGH]
    )
    counts = Counter(pair for heard, text in rows for pair in corrected_words(heard, text))
    return [
        WordOffer(heard, word, times)
        for (heard, word), times in counts.most_common()
        if times >= OFTEN and word not in known
    ]


@dataclass(frozen=True)
class Holes:
    count: int
    duration_ms: int


def holes_of(track: Track) -> Holes:
    """Where somebody speaks whom nobody has understood or let pass yet."""
    sums = track.cues.holes().aggregate(count=Count("pk"), length=Sum(F("end_ms") - F("start_ms")))
    return Holes(sums["count"], sums["length"] or 0)


@dataclass(frozen=True)
class Spoken:
    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class CueDifference:
    """What stood and what stands now; None where there was or is nothing."""

    before: Spoken | None
    now: Spoken | None


def differences(version: TrackVersion, track: Track) -> list[CueDifference]:
    """What differs between a version and the track as it stands, in the order of time."""
    before = [Spoken(cue["start_ms"], cue["end_ms"], cue["text"]) for cue in version.cues]
    now = [Spoken(row.start_ms, row.end_ms, row.text) for row in track.cues.all()]
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    return [
        CueDifference(old, new)
        for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes()
        if tag != "equal"
        for old, new in zip_longest(before[old_from:old_to], now[new_from:new_to])
    ]
