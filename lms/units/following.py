"""What other rooms keep by the tree follows when a unit moves, and so do the people who work at a
unit that changes, in the same transaction.

Units stand lowest and know nothing of those rooms: each says once, as it starts, what it does then
(decision 021).
"""

from typing import Protocol

from lms.accounts.access import Visitor
from lms.units.choices import PeopleOfUnit
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


class SettlesPeople(Protocol):
    def __call__(
        self, unit: Unit, *, to: Unit | None, how: PeopleOfUnit, reason: str, by: Visitor
    ) -> None:
        """The unit has changed, and this is to become of its people. `to`: which unit took it over,
        or stands above it; None: none does."""


_settlers: list[SettlesPeople] = []


def settles_people(settle: SettlesPeople) -> None:
    """To be said in AppConfig.ready() of the room that knows who works where."""
    _settlers.append(settle)


def settle_people(
    unit: Unit, *, to: Unit | None, how: PeopleOfUnit, reason: str, by: Visitor
) -> None:
    """Let those who work at the unit go where it was said; the caller has changed it."""
    for settle in _settlers:
        settle(unit, to=to, how=how, reason=reason, by=by)


class BringsPeopleBack(Protocol):
    def __call__(self, unit: Unit, *, sent_by: str, reason: str, by: Visitor) -> None:
        """A change of the unit was taken back, for that reason; so is what was done about people
        by the one that gave `sent_by` as its reason."""


_bringers: list[BringsPeopleBack] = []


def brings_people_back(bring: BringsPeopleBack) -> None:
    """To be said in AppConfig.ready() of the room that knows who works where."""
    _bringers.append(bring)


def bring_people_back(unit: Unit, *, sent_by: str, reason: str, by: Visitor) -> None:
    """Let those who worked at the unit come back; the caller has brought the unit itself back."""
    for bring in _bringers:
        bring(unit, sent_by=sent_by, reason=reason, by=by)
