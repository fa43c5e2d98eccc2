"""Figures of a unit and all below it, for a period: what reports are made of.

Sums (课次, 人次) hold to the last mark; 人数 (distinct learners) follows within a minute.
docs/features/figures.md tells how they are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from courses.choices import Subject
from lms.classes.choices import ClassKind
from lms.classes.models import ClassSession
from lms.statistics.choices import PeriodKind, Tree
from lms.statistics.models import COUNTERS, DailyRollup, DistinctLearner, DistinctLearnerCount
from lms.statistics.periods import Period
from lms.units.models import Unit
from lms.units.past_tree import PastTree, tree_on

__all__ = [
    "Figures",
    "Period",
    "PeriodKind",
    "Tree",
    "figures_by_kind",
    "figures_by_month",
    "figures_by_subject",
    "figures_of",
    "figures_of_children",
    "sessions_of",
]
#: The sums of something, in the order of COUNTERS.
Sums = tuple[int, ...]
NOTHING: Sums = (0,) * len(COUNTERS)


@dataclass(frozen=True)
class Figures:
    """Of a unit and all below it. Sessions are planned (held, cancelled or still to come), held
    (the roll is closed) or cancelled; attendances, excused and absences are 人次."""

    planned: int
    held: int
    cancelled: int
    attendances: int
    excused: int
    absences: int
    headcount: int  # of lectures, and of who came beside the names
    #: 人数: how many different people came. None: not counted yet, or not for this question.
    learners: int | None
    #: When `learners` was counted. None: it waits for that, or is not counted for this question.
    counted_at: datetime | None

    @property
    def is_reported(self) -> bool:
        """False where nothing was planned at all: that is "—", never 0."""
        return self.planned > 0


def figures_of(
    unit: Unit,
    period: Period,
    *,
    tree: Tree = Tree.TODAY,
    kind: ClassKind | None = None,
    subject: str | None = None,
) -> Figures:
    """`subject` is a Subject, "" for classes without one, or None for all."""
    past = tree_on(period.ends_on) if tree == Tree.THEN else None
    return _figures([unit], period, past, kind, subject)[0]


def figures_of_children(
    unit: Unit,
    period: Period,
    *,
    tree: Tree = Tree.TODAY,
    kind: ClassKind | None = None,
    subject: str | None = None,
) -> list[tuple[Unit, str, Figures]]:
    """The units right below, with their names then or now: those that are open, and closed ones
    that have something to show, so that they add up to the whole. In the tree's order."""
    past = tree_on(period.ends_on) if tree == Tree.THEN else None
    below = Unit.objects.filter(past.children_of(unit)) if past else unit.get_children()
    children = list(below)
    were_open = set(below.open_on(period.ends_on) if past else below.open())
    return [
        (child, past.name_of(child) if past else child.name, figures)
        for child, figures in zip(
            children, _figures(children, period, past, kind, subject), strict=True
        )
        if figures.is_reported or child in were_open
    ]


def figures_by_month(
    unit: Unit, period: Period, *, kind: ClassKind | None = None, subject: str | None = None
) -> list[tuple[Period, Figures]]:
    """Every month of the period, in the tree of today."""
    days = _days(period, kind, subject).filter(unit=unit)
    sums = _sum(days.annotate(month=TruncMonth("day")), "month")
    months = period.months()
    counted = {} if _filtered(kind, subject) else _counted_months(unit, months)
    return [
        (
            month,
            _make(
                sums.get(month.starts_on, NOTHING),
                counted.get(month.starts_on),
                filtered=_filtered(kind, subject),
            ),
        )
        for month in months
    ]


def figures_by_kind(unit: Unit, period: Period) -> list[tuple[ClassKind, Figures]]:
    """Every kind of class, also those of which there is none; learners are not counted."""
    days = _days(period, None, None).filter(unit=unit)
    sums = _sum(days, "kind")
    return [(kind, _make(sums.get(kind, NOTHING), None, filtered=True)) for kind in ClassKind]


def figures_by_subject(unit: Unit, period: Period) -> list[tuple[Subject | None, Figures]]:
    """The four classrooms, and None for classes without one; learners are not counted."""
    days = _days(period, None, None).filter(unit=unit)
    sums = _sum(days, "subject")
    return [
        (subject, _make(sums.get(subject or "", NOTHING), None, filtered=True))
        for subject in (*Subject, None)
    ]


def sessions_of(
    village: Unit, period: Period, *, kind: ClassKind | None = None, subject: str | None = None
) -> QuerySet[ClassSession]:
    """The unit's own sessions, each with its class and its `counters`, in the order of time."""
    sessions = ClassSession.objects.filter(
        counters__unit=village, counters__day__range=(period.starts_on, period.ends_on)
    )
    if kind is not None:
        sessions = sessions.filter(counters__kind=kind)
    if subject is not None:
        sessions = sessions.filter(counters__subject=subject)
    return sessions.select_related("class_group", "counters").order_by("starts_at", "pk")


def _figures(
    units: Sequence[Unit],
    period: Period,
    past: PastTree | None,
    kind: ClassKind | None,
    subject: str | None,
) -> list[Figures]:
    """Of each of these units, in their order; in the tree of today where `past` is None."""
    parts = {unit.pk: past.parts_of(unit) if past else {unit.pk: 1} for unit in units}
    days = _days(period, kind, subject).filter(
        unit__in={key for part in parts.values() for key in part}
    )
    sums = _sum(days, "unit")
    filtered = _filtered(kind, subject)
    counted = {} if filtered else _counted(units, parts, period, past)
    return [
        _make(_add(parts[unit.pk], sums), counted.get(unit.pk), filtered=filtered) for unit in units
    ]


def _filtered(kind: ClassKind | None, subject: str | None) -> bool:
    return kind is not None or subject is not None


def _days(period: Period, kind: ClassKind | None, subject: str | None) -> QuerySet[DailyRollup]:
    days = DailyRollup.objects.filter(day__range=(period.starts_on, period.ends_on))
    if kind is not None:
        days = days.filter(kind=kind)
    if subject is not None:
        days = days.filter(subject=subject)
    return days


def _sum(days: QuerySet[DailyRollup], by: str) -> dict[Any, Sums]:
    sums = [Sum(counter) for counter in COUNTERS]
    rows = days.values(by).annotate(*sums).values_list(by, *(each.default_alias for each in sums))
    return {row[0]: row[1:] for row in rows}


def _add(parts: Mapping[int, int], sums: Mapping[int, Sums]) -> Sums:
    return tuple(
        sum(times * sums.get(key, NOTHING)[column] for key, times in parts.items())
        for column in range(len(COUNTERS))
    )


#: How many learners, and when they were counted.
Counted = tuple[int, datetime]


def _counted(
    units: Sequence[Unit],
    parts: Mapping[int, Mapping[int, int]],
    period: Period,
    past: PastTree | None,
) -> dict[int, Counted]:
    """By unit. Where units have come or gone since, learners are counted now, over what the
    minute's count has seen."""
    stored = DistinctLearnerCount.objects.filter(
        period_kind=period.kind, starts_on=period.starts_on
    )
    rows = {
        unit: (learners, at)
        for unit, learners, at in stored.filter(
            unit__in={key for part in parts.values() for key in part}
        ).values_list("unit", "learners", "counted_at")
    }
    found = {}
    for unit in units:
        if parts[unit.pk] == {unit.pk: 1}:
            if unit.pk in rows:
                found[unit.pk] = rows[unit.pk]
            continue
        assert past is not None  # or its parts would be itself
        times = [rows[key][1] for key in parts[unit.pk] if key in rows]
        if times:
            found[unit.pk] = _count_now(past.below(unit, prefix="village__"), period), max(times)
    return found


def _count_now(below: Q, period: Period) -> int:
    seen = DistinctLearner.objects.filter(
        below, period_kind=period.kind, starts_on=period.starts_on
    )
    return seen.aggregate(learners=Count("learner", distinct=True))["learners"]


def _counted_months(unit: Unit, months: Sequence[Period]) -> dict[date, Counted]:
    rows = DistinctLearnerCount.objects.filter(
        unit=unit, period_kind=PeriodKind.MONTH, starts_on__in=[month.starts_on for month in months]
    )
    return {
        month: (learners, at)
        for month, learners, at in rows.values_list("starts_on", "learners", "counted_at")
    }


def _make(sums: Sums, counted: Counted | None, *, filtered: bool) -> Figures:
    values = dict(zip(COUNTERS, sums, strict=True))
    learners, counted_at = counted or (None, None)
    if not (filtered or counted or values["attendances"]):  # nobody came: nothing to count
        learners, counted_at = 0, timezone.now()
    return Figures(**values, learners=learners, counted_at=counted_at)
