"""Reads for the pages of alerts, and for what other rooms show of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.alerts.live import live_now
from lms.alerts.models import Alert, ReadOut
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession


@dataclass(frozen=True)
class ToRead:
    """An alert that a teacher may read out today, and the sessions at which that can be."""

    alert: Alert
    #: Each with whether it was read out there.
    sessions: Sequence[tuple[ClassSession, bool]]


def alerts_to_read(sessions: Iterable[ClassSession]) -> list[ToRead]:
    """What is live where these sessions are held; those that are cancelled hear nothing. The
    sessions have their class and its unit at hand. One query, or none where nothing is live."""
    held = [each for each in sessions if each.state != SessionState.CANCELLED]
    live = live_now()
    if not held or not live.alerts:
        return []
    ticks = set(ReadOut.objects.filter(session__in=held).values_list("alert", "session"))
    found = []
    for alert in live.alerts:
        there = [each for each in held if alert in live.at(each.class_group.unit.path).alerts]
        if there:
            lines = [(each, (alert.pk, each.pk) in ticks) for each in there]
            found.append(ToRead(alert, lines))
    return found
