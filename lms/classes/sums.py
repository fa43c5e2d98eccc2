"""The sums of sessions are kept by a room above, and change in one transaction with what is summed.

Whoever changes a session, or what is written on it, calls one of these verbs. They are done by
lms.statistics, which says so once, as it starts (decision 021).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from lms.classes.models import ClassGroup


class Settle(Protocol):
    def __call__(self, sessions: Iterable[int], *, held: bool) -> None: ...


Withdraw = Callable[[Iterable[int]], None]


@dataclass(frozen=True)
class _Keeper:
    settle: Settle
    withdraw: Withdraw


_keepers: list[_Keeper] = []


def keeps_sums(*, settle: Settle, withdraw: Withdraw) -> None:
    """To be said in AppConfig.ready() of the room that keeps sums."""
    _keepers.append(_Keeper(settle, withdraw))


def settle_sessions(sessions: Iterable[int], *, held: bool = False) -> None:
    """Bring all sums to what these sessions, by key, say now; `held`: the caller has locked their
    rows in this transaction."""
    keys = list(sessions)
    for keeper in _keepers:
        keeper.settle(keys, held=held)


def withdraw_sessions(sessions: Iterable[int]) -> None:
    """Take these sessions, by key, out of all sums; they are about to be deleted."""
    keys = list(sessions)
    for keeper in _keepers:
        keeper.withdraw(keys)


def settle_class(class_group: ClassGroup) -> None:
    """As settle_sessions, for all that the class has: its kind or classroom may be another."""
    settle_sessions(class_group.sessions.order_by().values_list("pk", flat=True))
