"""How wrong the clocks of devices are."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from lms.attendance.models import Device

#: Clocks nearer to ours than this are taken as right; delays of the network stay below it.
CLOCK_TOLERANCE = timedelta(minutes=2)


def learn_clock_offset(device: uuid.UUID, device_now: datetime | None) -> timedelta:
    """What to add to the device's times to put them on our clock."""
    row, _created = Device.objects.select_for_update().get_or_create(pk=device)
    offset = row.clock_offset if device_now is None else timezone.now() - device_now
    if abs(offset - row.clock_offset) > CLOCK_TOLERANCE:
        row.clock_offset = offset if abs(offset) > CLOCK_TOLERANCE else timedelta(0)
    row.save()
    return row.clock_offset
