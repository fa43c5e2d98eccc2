"""What a machine heard stays with the words when a line is split or two are merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from typing import Any

from subtitles.models import LONGEST_TEXT, Track, TrackCue


@dataclass(frozen=True)
class HeardText:
    """The machine's text with its doubts and the times of its words, both counted in it."""

    text: str
    doubts: list[Any]
    word_times: list[Any]

    @classmethod
    def of(cls, row: TrackCue) -> "HeardText":
        return cls(row.heard, row.doubts, row.word_times)

    def __add__(self, after: "HeardText") -> "HeardText":
        by = len(self.text)
        return HeardText(
            self.text + after.text,
            self.doubts + moved(after.doubts, by),
            self.word_times + moved(after.word_times, by),
        )

    def cut(self, first: int, last: int) -> "HeardText":
        """The part from `first` to `last`, without line breaks at its ends."""
        while first < last and self.text[first] == "\n":
            first += 1
        while first < last and self.text[last - 1] == "\n":
            last -= 1
        last = min(last, first + LONGEST_TEXT)
        return HeardText(
            self.text[first:last],
            moved([one for one in self.doubts if first <= one[0] and one[1] <= last], -first),
            moved([one for one in self.word_times if first <= one[0] and one[1] <= last], -first),
        )


def moved(spans: list[Any], by: int) -> list[Any]:
    return [[start + by, end + by, *known] for start, end, *known in spans]


def share_heard(before: Sequence[HeardText], after: Sequence[TrackCue]) -> None:
    """Give the rows `after` the machine's words of the rows that they came from, `before`.

    Both in the order of time. The rows are not saved.
    """
    heard = sum(before, HeardText("", [], []))
    if not heard.text or not after:
        return
    lengths = [len(row.text) for row in after]
    ends = [place_in_heard(heard.text, "".join(row.text for row in after), end)
            for end in accumulate(lengths[:-1])]  # fmt: skip
    bounds = [0, *ends, len(heard.text)]
    for row, (first, last) in zip(after, pairwise(bounds), strict=True):
        part = heard.cut(first, max(first, last))
        row.heard, row.doubts, row.word_times = part.text, part.doubts, part.word_times
        row.probability = min((doubt[2] for doubt in row.open_doubts), default=None)


def bring_back_heard(track: Track, rows: Sequence[TrackCue]) -> None:
    """Give rows that stand again as they once stood, as when a removal is undone, the machine's
    words that the newest such version kept. The rows are not saved."""
    missing = {(row.start_ms, row.text): row for row in rows if not row.heard}
    for version in track.versions.iterator(chunk_size=1) if missing else ():
        for cue in version.cues:
            if row := missing.pop((cue["start_ms"], cue["text"]), None):
                row.heard, row.doubts = cue["heard"], cue["doubts"]
                row.word_times, row.probability = cue["word_times"], cue["probability"]
        if not missing:
            return


def place_in_heard(heard: str, written: str, at: int) -> int:
    """Where in `heard` the place `at` of `written` is; between words that differ, in proportion."""
    matcher = SequenceMatcher(None, heard, written, autojunk=False)
    for tag, old, old_end, new, new_end in matcher.get_opcodes():
        if new <= at < new_end:
            inside = at - new
            if tag != "equal":
                inside = round(inside * (old_end - old) / (new_end - new))
            return old + inside
    return len(heard)
