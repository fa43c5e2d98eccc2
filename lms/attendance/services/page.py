"""Marks made on the site's own pages: events like a phone's, from devices of the server's."""

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent, AttendanceRecord, Device
from lms.attendance.services.events import Acknowledgement, Incoming, WalkIn, record_events
from lms.classes.models import ClassSession

#: Under it each user's page has a device of its own, the same on every computer.
PAGES = uuid.UUID("5d0c6a3e-6f0b-4f4c-9a55-1f6b6f0f7f10")


def page_device(user: Visitor) -> uuid.UUID:
    return uuid.uuid5(PAGES, str(user.pk))


def next_sequence(device: uuid.UUID) -> int:
    """The first number that the device has not used. Whoever sends from two windows at once waits
    here until the other's transaction is over, so that no number is given twice."""
    Device.objects.get_or_create(pk=device)
    Device.objects.select_for_update().get(pk=device)
    last = AttendanceEvent.objects.filter(device=device).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1


@transaction.atomic
def mark_on_page(
    session: ClassSession,
    *,
    statuses: Mapping[str, AttendanceStatus],
    recorded_by: User,
    reason: str = "",
) -> list[Acknowledgement]:
    """Record what a person chose, by learner's number; what the same person said last and still
    holds is not said again. Answers as record_events, for those that were new."""
    device = page_device(recorded_by)
    first = next_sequence(device)
    stands = {
        mark.learner.number: mark.status
        for mark in AttendanceRecord.objects.filter(
            session=session, differs=False, event__recorded_by=recorded_by
        ).select_related("learner")
    }
    now = timezone.now()
    events = [
        Incoming(
            sequence=first + place,
            session=session.pk,
            learner=number,
            status=status,
            at=now,
            reason=reason,
        )
        for place, (number, status) in enumerate(
            pair for pair in statuses.items() if stands.get(pair[0]) != pair[1]
        )
    ]
    return record_events(events, device=device, device_now=now, recorded_by=recorded_by)


@transaction.atomic
def walk_in_on_page(
    session: ClassSession,
    *,
    recorded_by: User,
    number: str = "",
    name: str = "",
    not_these: Sequence[str] = (),
    reason: str = "",
) -> Acknowledgement:
    """Take in who came to a session without being in its class. Answers as record_events."""
    device, now = page_device(recorded_by), timezone.now()
    walk_in = WalkIn(
        sequence=next_sequence(device),
        session=session.pk,
        at=now,
        number=number,
        name=name,
        not_these=not_these,
        reason=reason,
    )
    [answer] = record_events([walk_in], device=device, device_now=now, recorded_by=recorded_by)
    return answer
