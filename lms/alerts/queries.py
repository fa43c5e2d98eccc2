"""Reads for the pages of alerts, and for what other rooms show of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import prefetch_related_objects
from django.utils import timezone

from lms.accounts.models import User
from lms.alerts.choices import AlertState
from lms.alerts.live import live_now
from lms.alerts.models import Alert, ReadOut
from lms.attendance.held import DAYS_HELD, classes_to_hold, sessions_to_hold
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.units.models import paths_to

#: As many alerts as a phone holds, the newest.
MOST_HELD: Final = 50
#: It was on screens: what was withdrawn since may have been read out before.
WAS_PUBLIC: Final = (AlertState.PUBLIC, AlertState.WITHDRAWN)


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


def alerts_to_hold(user: User) -> list[dict[str, Any]]:
    """What is public, or will be within the days that a phone holds, where the user's own classes
    meet: as JSON has it, with the classes and the sessions at which each was read out. Some five
    queries, whatever the number of classes."""
    classes = classes_to_hold(user)
    prefetch_related_objects(classes, "unit")
    paths = {path for each in classes for path in paths_to(each.unit.path)}
    now = timezone.now()
    alerts = Alert.objects.filter(
        unit__path__in=paths,
        state=AlertState.PUBLIC,
        ends_at__gt=now,
        starts_at__lt=now + timedelta(days=DAYS_HELD),
    ).select_related("unit")[:MOST_HELD]
    read: dict[int, list[int]] = defaultdict(list)
    if alerts:
        ticks = ReadOut.objects.filter(alert__in=list(alerts), session__in=sessions_to_hold(user))
        for alert, session in ticks.values_list("alert", "session"):
            read[alert].append(session)
    return [
        {
            "id": each.pk,
            "title": each.title,
            "says": each.says,
            "todo": each.todo,
            "calls": each.calls,
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
            "classes": [
                group.pk for group in classes if group.unit.path.startswith(each.unit.path)
            ],
            "read": read[each.pk],
        }
        for each in alerts
    ]


def alert_heard_at(session: ClassSession, key: int, *, at: datetime) -> Alert | None:
    """The alert, where it was public at that moment for the unit of the session. None: it was not,
    or the session is cancelled."""
    if session.state == SessionState.CANCELLED:
        return None
    return Alert.objects.filter(
        pk=key,
        state__in=WAS_PUBLIC,
        confirmed_at__isnull=False,
        unit__path__in=paths_to(session.class_group.unit.path),
        starts_at__lte=at,
        ends_at__gt=at,
    ).first()
