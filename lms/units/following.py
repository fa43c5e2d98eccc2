"""What other rooms keep by the tree follows when a unit moves, in the same transaction.

Units stand lowest and know nothing of those rooms: each says once, as it starts, what it does then
(decision 021).
"""

from typing import Protocol

from lms.units.models import Unit


class FollowsMove(Protocol):
    def __call__(self, unit: Unit, *, was: str) -> None:
        """The unit stands at its new path; `was` is the one that it had."""


_followers: list[FollowsMove] = []


def follows_moves(follow: FollowsMove) -> None:
    """To be said in AppConfig.ready() of the room that follows."""
    _followers.append(follow)


def follow_move(unit: Unit, *, was: str) -> None:
    """Let all that is kept by the tree follow; the caller has moved the unit and holds the tree."""
    for follow in _followers:
        follow(unit, was=was)
