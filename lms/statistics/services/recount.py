"""The nightly count of everything anew, from the marks on: what is stored must not differ.

Each step looks at the database as it was at one moment, and leaves out what waits for the minute's
count, so that rolls may be taken meanwhile.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from operator import add, sub
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Min, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.attendance.choices import COUNTS_AS_PRESENT
from lms.attendance.models import AttendanceRecord
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.statistics.choices import PeriodKind
from lms.statistics.models import (
    COUNTERS,
    DailyRollup,
    DirtyMonth,
    DistinctLearnerCount,
    Recount,
    SessionCounters,
)
from lms.statistics.periods import Period, periods_around
from lms.statistics.services import rollup
from lms.statistics.services.distinct_learners import (
    Came,
    count_learners,
    distinct_learners_in,
    learners_below,
)
from lms.units.models import Unit, paths_to

logger = logging.getLogger(__name__)
#: Of more differences than this, the others are only counted.
TOLD = 50
#: Sessions that are compared at once.
BATCH = 2_000
NOTHING = (0,) * len(COUNTERS)


def recount(*, mend: bool = False) -> Recount:
    """Count everything anew, compare, and keep what was found; `mend`: and put it right. Drift is
    told at ERROR, or at WARNING when it has been mended."""
    run = _Recount(mend=mend)
    follow_classrooms()
    count_learners()
    months = _months()
    for month in months:
        run.compare_sessions(month)
        run.compare_sums(month)
    # Months first: what is mended in them goes up into terms and years.
    for period in sorted(
        {period for month in months for period in periods_around(month.starts_on)},
        key=lambda period: period.kind != PeriodKind.MONTH,
    ):
        run.compare_learners(period)
    if mend:
        count_learners()
    return run.finish()


def follow_classrooms() -> None:
    """Let the figures follow a classroom that editors gave another subject or took away: courses
    stands below, and tells nobody."""
    now = Coalesce("session__class_group__classroom__subject", Value(""))
    others = SessionCounters.objects.annotate(now=now).exclude(subject=F("now"))
    rollup.settle_sessions(others.values_list("session", flat=True))


def _months() -> list[Period]:
    """From the first of which there is a session or a figure to the last."""
    bounds: list[date | datetime | None] = []
    for rows, when in (
        (ClassSession.objects.order_by(), "starts_at"),
        (DailyRollup.objects, "day"),
        (DistinctLearnerCount.objects.filter(period_kind=PeriodKind.MONTH), "starts_on"),
    ):
        bounds += rows.aggregate(first=Min(when), last=Max(when)).values()
    days = sorted(
        timezone.localdate(bound) if isinstance(bound, datetime) else bound
        for bound in bounds
        if bound is not None
    )
    months = []
    if days:
        month = Period.of(PeriodKind.MONTH, days[0])
        while month.starts_on <= days[-1]:
            months.append(month)
            month = month.next
    return months


@contextmanager
def _one_moment() -> Iterator[None]:
    """All queries within see the database as it was at one moment."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


class _Recount:
    """One recount under way."""

    def __init__(self, *, mend: bool) -> None:
        self.mend = mend
        self.started_at = timezone.now()
        self.compared = 0
        self.drift = 0
        self.details: list[str] = []

    def finish(self) -> Recount:
        result = Recount.objects.create(
            started_at=self.started_at,
            finished_at=timezone.now(),
            compared=self.compared,
            drift=self.drift,
            details=self.details,
            mended=self.mend and self.drift > 0,
        )
        if self.drift:
            told = "\n".join(self.details)
            level = logging.WARNING if self.mend else logging.ERROR
            logger.log(
                level, "The figures drifted from the marks in %d rows:\n%s", self.drift, told
            )
        return result

    def found(self, what: str, stored: Any, counted: Any) -> None:
        self.drift += 1
        if len(self.details) < TOLD:
            self.details.append(
                _("%(what)s：存的是%(stored)s，重数是%(counted)s")
                % {"what": what, "stored": stored, "counted": counted}
            )

    def differing(self, stored: Mapping, counted: Mapping, nothing: Any) -> list:
        """Where the two differ, and keeps count of what was compared."""
        keys = stored.keys() | counted.keys()
        self.compared += len(keys)
        return sorted(key for key in keys if stored.get(key, nothing) != counted.get(key, nothing))

    def compare_sessions(self, month: Period) -> None:
        """What each session adds, against its marks."""
        start, beyond = month.moments()
        sessions = ClassSession.objects.filter(starts_at__gte=start, starts_at__lt=beyond)
        keys = sorted(sessions.order_by().values_list("pk", flat=True))
        for first in range(0, len(keys), BATCH):
            batch = keys[first : first + BATCH]
            with _one_moment():
                counted = rollup.contributions(sessions.filter(pk__in=batch))
                stored = rollup.stored_contributions(list(counted))
            differing = self.differing(stored, counted, None)
            for key in differing:
                self.found(_("课次%d") % key, stored.get(key), counted.get(key))
            if self.mend:
                rollup.settle_sessions(differing)

    def compare_sums(self, month: Period) -> None:
        """The sums of each unit, against what the sessions of it and all below it add."""
        with _one_moment():
            stored, counted = _stored_sums(month), _counted_sums(month)
        differing = self.differing(stored, counted, NOTHING)
        keys = rollup.keys_of(path for path, *_rest in differing)
        changes: dict[rollup.RollupKey, rollup.Sums] = {}
        for row in differing:
            old, new = stored.get(row, NOTHING), counted.get(row, NOTHING)
            place = rollup.RollupKey(keys[row[0]], *row[1:])
            self.found(_("单位%d，%s %s %s") % place, old, new)
            changes[place] = tuple(map(sub, new, old))
        if self.mend:  # a difference stays right whatever is added meanwhile
            rollup.add_to_sums(changes, above_too=False)

    def compare_learners(self, period: Period) -> None:
        """Who was seen, against the marks (of a month) or the months; and how many they are."""
        with _one_moment():
            waiting, above_waiting = _waiting(period)
            stored = set(distinct_learners_in(period).values_list("village", "learner"))
            came = _came(period)
            counts = dict(_counts(period).values_list("unit__path", "learners"))
            paths = Unit.objects.order_by().values_list("path", flat=True)
            counted = learners_below(period, paths)
        self.compared += len(stored | came)
        dirty = set()
        for unit, learner in sorted(stored ^ came):
            if unit not in waiting:
                dirty.add(unit)
                told = {"period": period.label, "unit": unit, "learner": learner}
                self.found(
                    _("%(period)s，单位%(unit)d，学员%(learner)d") % told,
                    int((unit, learner) in stored),
                    int((unit, learner) in came),
                )
        differing = [
            path for path in self.differing(counts, counted, 0) if path not in above_waiting
        ]
        keys = rollup.keys_of(differing)
        for path in differing:
            told = {"period": period.label, "unit": keys[path]}
            what = _("%(period)s，单位%(unit)d，人数") % told
            self.found(what, counts.get(path), counted.get(path))
        if self.mend:
            dirty |= set(keys.values())
            rollup.mark_dirty((unit, period.starts_on) for unit in dirty)


def _stored_sums(month: Period) -> dict[tuple, rollup.Sums]:
    """By path, day, kind and subject; without those that are all 0."""
    days = DailyRollup.objects.filter(day__range=(month.starts_on, month.ends_on))
    rows = days.values_list("unit__path", "day", "kind", "subject", *COUNTERS)
    return {row[:4]: row[4:] for row in rows if any(row[4:])}


def _counted_sums(month: Period) -> dict[tuple, rollup.Sums]:
    """The same, from what each session adds."""
    sessions = SessionCounters.objects.filter(day__range=(month.starts_on, month.ends_on))
    rows = sessions.values_list("unit__path", "day", "kind", "subject", *COUNTERS)
    sums: dict[tuple, rollup.Sums] = {}
    for row in rows:
        for above in paths_to(row[0]):
            place = (above, *row[1:4])
            sums[place] = tuple(map(add, sums.get(place, NOTHING), row[4:]))
    return sums


def _came(period: Period) -> Came:
    """Village and learner of all who came; of a term or a year, as its months say."""
    if period.kind != PeriodKind.MONTH:
        # Month by month: PostgreSQL spent minutes on telling millions of pairs apart at once.
        came: Came = set()
        for month in period.months():
            came.update(distinct_learners_in(month).values_list("village", "learner"))
        return came
    start, beyond = period.moments()
    marks = AttendanceRecord.objects.filter(
        status__in=COUNTS_AS_PRESENT,
        session__starts_at__gte=start,
        session__starts_at__lt=beyond,
    ).exclude(session__state=SessionState.CANCELLED)
    return set(marks.values_list("session__class_group__unit", "learner").distinct())


def _counts(period: Period) -> QuerySet[DistinctLearnerCount]:
    return DistinctLearnerCount.objects.filter(period_kind=period.kind, starts_on=period.starts_on)


def _waiting(period: Period) -> tuple[set[int], set[str]]:
    """The units that wait for the minute's count, and the paths of these and of all above."""
    dirty = DirtyMonth.objects.filter(month__range=(period.starts_on, period.ends_on))
    rows = set(dirty.values_list("unit", "unit__path"))
    above = {path for _key, end in rows for path in paths_to(end)}
    return {key for key, _path in rows}, above
