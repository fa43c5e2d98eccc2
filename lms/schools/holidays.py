"""China's public holidays, as the State Council announces them a year ahead."""

from datetime import date, timedelta

import holidays

_china = holidays.country_holidays("CN")


def is_class_day(day: date) -> bool:
    """Whether village classes meet: not on a public holiday, nor on a weekend that is part of one
    (the library names only what would have been working days). A make-up working day (调休)
    changes nothing for people who have retired: a Saturday class meets on it as on any Saturday."""
    if _china.is_working_day(day):
        return True
    return not (
        _reaches_a_holiday(day, timedelta(days=1)) or _reaches_a_holiday(day, -timedelta(days=1))
    )


def _reaches_a_holiday(day: date, step: timedelta) -> bool:
    """Whether the days off from that day on, in the step's direction, hold a public holiday."""
    while not _china.is_working_day(day):
        if day in _china:
            return True
        day += step
    return False
