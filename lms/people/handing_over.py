"""What other rooms know of a teacher goes to the successor when a role is handed over, in the same
transaction.

People stand below those rooms: each says once, as it starts, what it does then (decision 021).
"""

from typing import Protocol

from lms.accounts.models import User
from lms.people.models import RoleAssignment


class HandsOver(Protocol):
    def __call__(self, role: RoleAssignment, *, successor: User, at_once: bool) -> None:
        """`role` ends and the successor holds the same. `at_once` False: it ends on a later day,
        and whoever holds it keeps what goes with it until then."""


_followers: list[HandsOver] = []


def hands_over_too(hand_over: HandsOver) -> None:
    """To be said in AppConfig.ready() of the room that follows."""
    _followers.append(hand_over)


def hand_over_elsewhere(role: RoleAssignment, *, successor: User, at_once: bool) -> None:
    """Let every other room follow; the caller holds the transaction."""
    for hand_over in _followers:
        hand_over(role, successor=successor, at_once=at_once)
