"""How wrong the clocks of devices are."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from lms.attendance.models import Device

#: Clocks nearer to ours than this are taken as right; delays of the network stay below it.
CLOCK_TOLERANCE = timedelta(minutes=2)

#: In SQL, since bulk_create cannot ask what is there. Locked until the transaction ends.
MADE_OR_TOUCHED = """
INSERT INTO attendance_device (id, clock_offset, last_seen_at) VALUES (%s, %s, %s)
ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at
RETURNING id, clock_offset, last_seen_at
"""


def learn_clock_offset(device: uuid.UUID, device_now: datetime | None) -> timedelta:
    """What to add to the device's times to put them on our clock."""
    said = None if device_now is None else timezone.now() - device_now
    [known] = Device.objects.raw(MADE_OR_TOUCHED, _stored(device, timedelta(0), timezone.now()))
    before = known.clock_offset
    offset = _kept(said, before)
    if offset != before:
        Device.objects.filter(pk=device).update(clock_offset=offset)
    return offset


def _stored(*values: Any) -> list[Any]:
    """As the database has the values of a device."""
    fields = Device._meta.concrete_fields
    return [
        field.get_db_prep_save(value, connection)
        for field, value in zip(fields, values, strict=True)
    ]


def _kept(said: timedelta | None, before: timedelta) -> timedelta:
    if said is None or abs(said - before) <= CLOCK_TOLERANCE:
        return before
    return said if abs(said) > CLOCK_TOLERANCE else timedelta(0)
