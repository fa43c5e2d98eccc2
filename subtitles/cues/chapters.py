"""Where a film's chapters may begin, found in what is said; a person names them better."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from subtitles.chinese.cleaning import SENTENCE_ENDS
from subtitles.chinese.words import split_words
from subtitles.cues import Cue, text_width

SHORTEST_FILM_MS = 20_000
WANTED_MS = 60_000  # of a chapter, in a film of several minutes
FEWEST, MOST = 3, 6  # at most seven things to choose from on a screen
TITLE_WIDTH = 10  # full-width characters; a card on a television has two lines for them
TELLING = 3  # characters
MARKS = "，。！？；：、…,.!?;:"


def with_chapters(cues: Sequence[Cue]) -> list[Cue]:
    """Return `cues` with the first one of each chapter bearing its name.

    A chapter begins with a sentence, near where it would if all were of one length, and of the
    sentences there with that before which the longest pause is. None begins with a hole, and a
    film too short has none.
    """
    first = next((i for i, cue in enumerate(cues) if not cue.is_hole), None)
    if first is None or cues[-1].end_ms < SHORTEST_FILM_MS:
        return list(cues)
    total_ms = cues[-1].end_ms
    count = min(MOST, max(FEWEST, round(total_ms / WANTED_MS)))
    length_ms = total_ms / count
    pauses = {
        after: cues[after].start_ms - cues[before].end_ms
        for before, after in pairwise(range(len(cues)))
        if cues[before].text[-1:] in SENTENCE_ENDS and not cues[after].is_hole
    }
    begins = {first}
    for number in range(1, count):
        wanted_ms = number * length_ms
        near = [i for i in pauses if abs(cues[i].start_ms - wanted_ms) <= length_ms / 3]
        if near:
            begins.add(max(near, key=lambda i: (pauses[i], -abs(cues[i].start_ms - wanted_ms))))
    return [
        replace(cue, chapter=title_of(cue.text)) if i in begins else cue
        for i, cue in enumerate(cues)
    ]


def title_of(text: str) -> str:
    """As many whole clauses as a card is wide. Whole words of the first one where that is too long
    for a card, or so short that it says nothing. No quotation is left open."""
    title = clauses = ""
    for word in split_words(text):
        if word in MARKS and len(title) >= 2:
            clauses = title
        if text_width((title + word).strip(MARKS)) > TITLE_WIDTH:
            break
        title += word
    else:
        clauses = title
    return _closed(clauses if len(clauses) >= TELLING else title).strip(MARKS)


def _closed(title: str) -> str:
    """Without a quotation that has no end: it is left out, or its mark where little would stay."""
    before, mark, inside = title.rpartition("“")
    if not mark or "”" in inside:
        return title
    return before if len(before) >= TELLING else before + inside
