"""China's public holidays, as the State Council announces them a year ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holiday:
    """Days off in a row, weekends among them; `names` are the calendar's own, in Chinese."""

    first: date
    last: date
    names: tuple[str, ...]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@cache
def _china() -> "HolidayBase":
    import holidays

    return holidays.country_holidays("CN", language="zh_CN")


def is_class_day(day: date) -> bool:
    """Whether village classes meet: not on a public holiday, nor on a weekend that is part of one
    (the library names only what would have been working days). A make-up working day (调休)
    changes nothing for people who have retired: a Saturday class meets on it as on any Saturday.

    What a city or a unit says otherwise is for `lms.classes.class_days`.
    """
    if _china().is_working_day(day):
        return True
    return not (_reaches_a_holiday(day, DAY) or _reaches_a_holiday(day, -DAY))


def _reaches_a_holiday(day: date, step: timedelta) -> bool:
    """Whether the days off from that day on, in the step's direction, hold a public holiday."""
    while not _china().is_working_day(day):
        if day in _china():
            return True
        day += step
    return False


def is_working_day(day: date) -> bool:
    """Whether offices work: no public holiday and no weekend, or one that is made up on (调休)."""
    return _china().is_working_day(day)


def holidays_of(year: int) -> list[Holiday]:
    """In order. One that reaches over New Year is told whole, with the year in which it ends."""
    found = []
    day = date(year, 1, 1)
    while day.year == year:
        if is_class_day(day):
            day += DAY
            continue
        first = last = day
        while not is_class_day(first - DAY):
            first -= DAY
        while not is_class_day(last + DAY):
            last += DAY
        if last.year == year:
            found.append(Holiday(first, last, tuple(_names(first, last))))
        day = last + DAY
    return found


def _names(first: date, last: date) -> Iterator[str]:
    """Each once: 春节, not 春节 three times, and no day off that is only made up for."""
    told = set()
    day = first
    while day <= last:
        for name in _china().get_list(day):
            short = name.partition("（")[0]
            if short not in told and not short.startswith("休息日"):
                told.add(short)
                yield short
        day += DAY


def made_up_days_of(year: int) -> list[date]:
    """Weekend days on which others work (调休), in order."""
    _china().is_working_day(date(year, 1, 1))  # the library reckons a year when it is first asked
    return sorted(day for day in _china().weekend_workdays if day.year == year)
