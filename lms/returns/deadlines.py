"""By which day returns are due: a working day of the next month for each level, counted by the
national calendar with its holidays and made-up days (调休)."""

from collections.abc import Mapping
from datetime import date, timedelta

from lms.classes.holidays import is_working_day
from lms.returns.models import ReturnDeadline
from lms.statistics.periods import Period
from lms.units.choices import Level
from lms.units.models import Unit

DAY = timedelta(days=1)
#: Where nobody has set another: each level has two or three days after the one below it.
USUAL: Mapping[str, int] = {
    Level.VILLAGE: 3,
    Level.STREET: 5,
    Level.DISTRICT: 8,
    Level.CITY: 10,
    Level.PROVINCE: 12,
}


def working_days(top: Unit) -> dict[str, int]:
    """By level, for the whole tree under that unit. One query."""
    rows = ReturnDeadline.objects.filter(top=top).values_list("level", "working_day")
    return {**USUAL, **dict(rows)}


def due_on(month: Period, working_day: int) -> date:
    """The day that is so many working days into the month after."""
    day = month.ends_on
    while working_day:
        day += DAY
        working_day -= is_working_day(day)
    return day
