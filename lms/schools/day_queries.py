"""Reads for the page of closing days."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.schools.models import CalendarDay, ClassGroup, ClosingDay, Unit
from lms.schools.models.people import supervised_by, supervised_units
from lms.schools.models.units import path_over

#: Days before today are shown this far back.
DAYS_SHOWN_BACK = 31


@dataclass(frozen=True)
class Closing:
    """Days in a row that one unit closes for one reason."""

    unit: Unit
    first: date
    last: date
    reason: str
    recorded_by: Any  # None: from before this was kept
    may_open: bool


def closings_for(user: Any) -> QuerySet[ClosingDay]:
    """The closing days that matter to the user, from a month back on: below and above the units
    that the user supervises, and above the user's own classes."""
    closings = ClosingDay.objects.filter(_near(user), day__gte=_since())
    return closings.select_related("unit", "recorded_by").order_by("unit__path", "day")


def corrections_for(user: Any) -> QuerySet[CalendarDay]:
    """What the cities around the user have said of the national calendar, from a month back on."""
    corrections = CalendarDay.objects.filter(_near(user), day__gte=_since())
    return corrections.select_related("unit", "recorded_by").order_by("day", "pk")


def _since() -> date:
    return timezone.localdate() - timedelta(days=DAYS_SHOWN_BACK)


def _near(user: Any) -> Q:
    """A condition on the unit of a row."""
    own = ClassGroup.objects.visible_to(user).filter(teachers=user.pk)
    units = [*supervised_units(user), *Unit.objects.filter(pk__in=own.values("unit"))]
    condition = supervised_by(user, prefix="unit__")
    for path_of in {unit.path: unit for unit in units}.values():
        condition |= path_over(path_of, prefix="unit__")
    return condition


def in_rows(days: Iterable[ClosingDay], *, administered: set[int]) -> list[Closing]:
    """The days as one tells them, 10月1日–3日, in the order in which they begin. The given ones
    stand unit by unit; `administered` are the units whose closing days the user may take back."""
    rows: list[Closing] = []
    for day in days:
        last = rows[-1] if rows else None
        if (
            last is not None
            and (last.unit.pk, last.reason) == (day.unit_id, day.reason)
            and last.last + timedelta(days=1) == day.day
        ):
            rows[-1] = replace(last, last=day.day)
            continue
        rows.append(
            Closing(
                day.unit,
                day.day,
                day.day,
                day.reason,
                day.recorded_by,
                day.unit_id in administered,
            )
        )
    return sorted(rows, key=lambda row: (row.first, row.unit.path))
