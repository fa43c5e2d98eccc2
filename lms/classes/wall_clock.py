"""Days and hours by the clock on the wall, wherever the machine stands."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _


def moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Its first moment and that of the next day."""
    start = moment(day, time())
    return start, start + timedelta(days=1)


def as_spoken(minutes: int) -> str:
    """How long that is, as one says it: 45分钟, 2小时, 19小时30分钟."""
    hours, rest = divmod(minutes, 60)
    said = {"hours": hours, "minutes": rest}
    if not hours:
        return _("%(minutes)d分钟") % said
    return (_("%(hours)d小时%(minutes)d分钟") if rest else _("%(hours)d小时")) % said
