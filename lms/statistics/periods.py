"""Months, terms and years: what figures are drawn for. All are made of whole months."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.statistics.choices import PeriodKind

MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.TERM: 6, PeriodKind.YEAR: 12}
#: The months in which the terms begin (上半年学期, 下半年学期); January ends the one before.
SPRING, AUTUMN = 2, 8
SEASONS = {"spring": SPRING, "autumn": AUTUMN}


@dataclass(frozen=True, order=True)
class Period:
    """One month, term or year. `starts_on` is its first day; make one with `of` or `from_slug`."""

    kind: PeriodKind
    starts_on: date

    @classmethod
    def of(cls, kind: PeriodKind, day: date) -> "Period":
        """The one in which that day lies."""
        first = day.replace(day=1)
        if kind == PeriodKind.YEAR:
            first = first.replace(month=1)
        elif kind == PeriodKind.TERM:
            begun = [month for month in (SPRING, AUTUMN) if month <= day.month]
            first = (
                first.replace(month=begun[-1])
                if begun
                else first.replace(year=day.year - 1, month=AUTUMN)
            )
        return cls(PeriodKind(kind), first)

    @classmethod
    def from_slug(cls, slug: str) -> "Period":
        """The one that `slug` names. Raises ValueError for any other text."""
        year, _dash, rest = slug.partition("-")
        if not re.fullmatch(r"2\d{3}", year, re.ASCII):
            raise ValueError(f"{slug!r} names no period")
        if rest in SEASONS:
            period = cls(PeriodKind.TERM, date(int(year), SEASONS[rest], 1))
        elif rest:
            period = cls(PeriodKind.MONTH, date.fromisoformat(f"{slug}-01"))
        else:
            period = cls(PeriodKind.YEAR, date(int(year), 1, 1))
        if period.slug != slug:
            raise ValueError(f"{slug!r} names no period")
        return period

    @property
    def slug(self) -> str:
        if self.kind == PeriodKind.MONTH:
            return f"{self.starts_on:%Y-%m}"
        if self.kind == PeriodKind.YEAR:
            return f"{self.starts_on:%Y}"
        [season] = [name for name, month in SEASONS.items() if month == self.starts_on.month]
        return f"{self.starts_on:%Y}-{season}"

    @property
    def label(self) -> str:
        when = {"year": self.starts_on.year, "month": self.starts_on.month}
        if self.kind == PeriodKind.MONTH:
            return _("%(year)d年%(month)d月") % when
        if self.kind == PeriodKind.YEAR:
            return _("%(year)d年") % when
        if self.starts_on.month == SPRING:
            return _("%(year)d年上半年学期") % when
        return _("%(year)d年下半年学期") % when

    @property
    def ends_on(self) -> date:
        """Its last day, inclusive."""
        return _months_after(self.starts_on, MONTHS_IN[self.kind]) - timedelta(days=1)

    @property
    def next(self) -> "Period":
        return Period(self.kind, self.ends_on + timedelta(days=1))

    @property
    def previous(self) -> "Period":
        return Period.of(self.kind, self.starts_on - timedelta(days=1))

    def months(self) -> list["Period"]:
        return [
            Period(PeriodKind.MONTH, _months_after(self.starts_on, number))
            for number in range(MONTHS_IN[self.kind])
        ]

    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment and that of the next period, by the clock on the wall."""
        first, beyond = self.starts_on, self.ends_on + timedelta(days=1)
        return (
            timezone.make_aware(datetime.combine(first, time())),
            timezone.make_aware(datetime.combine(beyond, time())),
        )


def periods_around(day: date) -> list[Period]:
    """The month, the term and the year in which that day lies."""
    return [Period.of(kind, day) for kind in PeriodKind]


def _months_after(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
