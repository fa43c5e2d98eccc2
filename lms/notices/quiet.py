"""When nothing rings: by the clock on the wall, 21:00 to 8:00 unless a city says otherwise."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def is_quiet(moment: datetime) -> bool:
    """The evening's hour is quiet already, the morning's no longer. Two equal hours: never."""
    hour = timezone.localtime(moment).hour
    begins, ends = settings.QUIET_FROM_HOUR, settings.QUIET_UNTIL_HOUR
    if begins <= ends:
        return bool(begins <= hour < ends)
    return bool(hour >= begins or hour < ends)


def next_loud(moment: datetime) -> datetime:
    """That moment, or the end of the quiet hours in which it is."""
    if not is_quiet(moment):
        return moment
    here = timezone.localtime(moment)
    morning = timezone.make_aware(
        datetime.combine(here.date(), time(hour=settings.QUIET_UNTIL_HOUR))
    )
    return morning if morning > moment else morning + timedelta(days=1)
