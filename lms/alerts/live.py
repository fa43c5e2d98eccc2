"""What is on the screens now, as every web process has it: read again after a few seconds, so that
a page that is kept costs no query for it."""

import logging
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction

from lms.alerts.models import Alert, EmergencyNotice

logger = logging.getLogger(__name__)

#: How many of each there may be before a screen. More than that nobody reads.
MOST_SHOWN: Final = 20


@dataclass(frozen=True)
class Live:
    """The newest first."""

    alerts: tuple[Alert, ...] = ()
    emergencies: tuple[EmergencyNotice, ...] = ()
    #: Seconds of `monotonic` at which it was read.
    read_at: float = float("-inf")
    #: What was made of it for screens, by what they are told; gone with it.
    made: dict[Any, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.alerts and not self.emergencies

    @property
    def is_for_all(self) -> bool:
        """Whether it is the same wherever the screen stands, so that nobody need ask where."""
        return all(each.unit.depth == 1 for each in (*self.alerts, *self.emergencies))

    def at(self, path: str) -> "Live":
        """What of it holds at the unit of that path; blank: nobody knows where, and only what is
        for everybody holds. What ended since it was read is left out."""

        def holds(each: Alert | EmergencyNotice) -> bool:
            is_over_it = path.startswith(each.unit.path) if path else each.unit.depth == 1
            return is_over_it and each.is_live

        alerts = tuple(filter(holds, self.alerts))[:MOST_SHOWN]
        return Live(alerts, tuple(filter(holds, self.emergencies))[:MOST_SHOWN])


#: One for the whole process.
_kept = [Live()]
_reading = Lock()


def live_now() -> Live:
    """At most ALERTS_READ_SECONDS old; older while another thread reads it, or the database is
    away. Two queries, or none."""
    live = _kept[0]
    if monotonic() - live.read_at < settings.ALERTS_READ_SECONDS:
        return live
    if not _reading.acquire(blocking=live.read_at == float("-inf")):
        return live
    try:
        _kept[0] = _read(live)
    finally:
        _reading.release()
    return _kept[0]


def _read(last: Live) -> Live:
    """`last` once more where the database is away."""
    began = monotonic()
    try:
        alerts = Alert.objects.live().select_related("unit", "narration")
        emergencies = EmergencyNotice.objects.live().select_related("unit", "narration")
        return Live(tuple(alerts), tuple(emergencies), began)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("What is on the screens cannot be read: %s", error)
        return Live(last.alerts, last.emergencies, began)


def forget() -> None:
    """Have it read anew by this process; others do by themselves."""
    _kept[0] = Live()


def forget_now_and_after() -> None:
    """For whoever writes: at once, and again when others can see it."""
    forget()
    transaction.on_commit(forget)
