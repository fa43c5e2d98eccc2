"""What the marks of one person at one session add up to: which holds, and what each teacher said.

A person who stood in the register twice may have been marked in both rows. Where these differ, and
nobody has marked since they became one, having come outweighs not having been seen: whoever was
seen was there, whatever stands in the other row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from lms.attendance.choices import COUNTS_AS_PRESENT

Event = TypeVar("Event")


@dataclass(frozen=True)
class Said(Generic[Event]):
    """One event as it counts here."""

    by: int | None  # None: the learner's own
    learner: int  # whose row was marked
    status: str
    marked_at: datetime
    received_at: datetime
    event: Event


@dataclass(frozen=True)
class Holding(Generic[Event]):
    holds: Said[Event]
    words: list[Said[Event]]  # the last of each, by row

    @property
    def differs(self) -> bool:
        return len({word.status for word in self.words}) > 1


def what_holds(
    said: Iterable[Said[Event]], merged_at: Mapping[int, datetime]
) -> Holding[Event] | None:
    """`said` is in the order in which it was; `merged_at`: since when each of these rows stands for
    nobody any more, where that is so. None where nothing was said.

    The latest mark of a row holds, and of each person the latest word counts. A learner's own holds
    only until somebody else marks. A mark that was made after the merge, in the row of both, takes
    the other row's along."""
    words: dict[tuple[int | None, int], Said[Event]] = {}
    latest: dict[int, Said[Event]] = {}
    for mark in said:
        if mark.by is not None:
            for key, word in list(words.items()):
                by, learner = key
                one_row = by is None and learner == mark.learner
                if one_row or (by in (None, mark.by) and _knows(mark, word, merged_at)):
                    del words[key]
        words[mark.by, mark.learner] = mark
        others = any(learner == mark.learner and by is not None for by, learner in words)
        if mark.by is not None or not others:
            latest.pop(mark.learner, None)  # the last comes last
            latest[mark.learner] = mark
    if not latest:
        return None
    *_before, last = latest.values()
    if all(_knows(last, other, merged_at) for other in latest.values() if other is not last):
        return Holding(last, list(words.values()))
    came = [mark for mark in latest.values() if mark.status in COUNTS_AS_PRESENT]
    return Holding(came[-1] if came else last, list(words.values()))


def _knows(mark: Said, word: Said, merged_at: Mapping[int, datetime]) -> bool:
    """Whether the mark was made when the two rows were one, and showed the other row's word."""
    since = merged_at.get(word.learner)
    return (
        mark.learner != word.learner
        and since is not None
        and mark.marked_at > max(since, word.received_at)
    )
