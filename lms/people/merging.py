"""What other rooms keep of two learners becomes one's when they are merged, and is parted again
when that is taken back, in the same transaction.

People stand below those rooms: each says once, as it starts, what it does then (decision 021).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from lms.people.models import Learner

#: What a room moved: made of what JSON has. It is kept with the merge, and given back at undoing.
Note = Any


@dataclass(frozen=True)
class Follower:
    """A room that follows. `rows` and `hold`: of rooms whose own verbs lock something of theirs
    before they touch a learner; it is locked before the learners here too, so that nobody waits in
    a circle. `rows` says which these are for learners by key, `hold` locks them."""

    name: str
    merge: Callable[[Learner, Learner], Note]  # kept and gone; the gone one leads there already
    undo: Callable[[Learner, Learner, Note], None]  # and stands again
    rows: Callable[[Collection[int]], set[int]] | None = None
    hold: Callable[[Collection[int]], None] | None = None


_followers: list[Follower] = []


def follows_merges(follower: Follower) -> None:
    """To be said in AppConfig.ready() of the room that follows."""
    _followers.append(follower)


def followers() -> list[Follower]:
    return list(_followers)
