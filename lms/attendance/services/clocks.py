"""How wrong the clocks of devices are."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from lms.attendance.models import Device

#: Clocks nearer to ours than this are taken as right; delays of the network stay below it.
CLOCK_TOLERANCE = timedelta(minutes=2)


def learn_clock_offset(device: uuid.UUID, device_now: datetime | None) -> timedelta:
    """What to add to the device's times to put them on our clock."""
    said = None if device_now is None else timezone.now() - device_now
    # Made or touched in one statement, and locked until the transaction ends.
    Device.objects.bulk_create(
        [Device(pk=device)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["last_seen_at"],
    )
    known = Device.objects.filter(pk=device)
    before: timedelta = known.values_list("clock_offset", flat=True).get()
    offset = _kept(said, before)
    if offset != before:
        known.update(clock_offset=offset)
    return offset


def _kept(said: timedelta | None, before: timedelta) -> timedelta:
    if said is None or abs(said - before) <= CLOCK_TOLERANCE:
        return before
    return said if abs(said) > CLOCK_TOLERANCE else timedelta(0)
