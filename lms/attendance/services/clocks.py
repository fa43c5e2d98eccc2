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
    row, is_new = Device.objects.select_for_update().get_or_create(
        pk=device, defaults={"clock_offset": _kept(said, timedelta(0))}
    )
    if not is_new:
        row.clock_offset = _kept(said, row.clock_offset)
        row.save()
    return row.clock_offset


def _kept(said: timedelta | None, before: timedelta) -> timedelta:
    if said is None or abs(said - before) <= CLOCK_TOLERANCE:
        return before
    return said if abs(said) > CLOCK_TOLERANCE else timedelta(0)
