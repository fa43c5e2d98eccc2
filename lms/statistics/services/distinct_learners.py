"""The minute's job: how many different learners each unit reached (人数), where that may have
changed. Exact, and follows the marks; never part of a teacher's request.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from lms.attendance.choices import COUNTS_AS_PRESENT
from lms.attendance.models import AttendanceRecord
from lms.statistics.choices import PeriodKind
from lms.statistics.models import DirtyMonth, DistinctLearner, DistinctLearnerCount
from lms.statistics.periods import Period, periods_around
from lms.statistics.services.rollup import keys_of
from lms.units.models import Unit, paths_to
from lms.units.services.tree import lock_tree

#: Dirty rows that are dealt with in one transaction.
BATCH = 20_000
#: Whose learners are looked up at once: few enough that an index finds them (PostgreSQL compared
#: every row with each of 2,851 for minutes).
VILLAGES = 200
#: Rows that are written in one statement.
ROWS = 5_000
#: Units that are looked up by their paths; of more, everything is read at once.
FEW = 40
#: A village (or whatever holds the classes) and a learner who came there.
Came = set[tuple[int, int]]


def count_learners() -> int:
    """Count learners anew wherever dirty rows say so; returns how many figures were written.

    Leave the dirty rows that come meanwhile to the next time. Two at once do no harm: the second
    waits for the first and finds its rows gone. So does who changes the tree of units.
    """
    last = DirtyMonth.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    written = 0
    while some := _count_some(last):
        written += some
    return written


@transaction.atomic
def _count_some(last: int) -> int:
    lock_tree()  # a unit that moved meanwhile would be counted where it stood
    rows = DirtyMonth.objects.filter(pk__lte=last).order_by("pk").select_for_update()
    dirty = list(rows.values_list("pk", "unit", "month")[:BATCH])
    units: dict[Period, set[int]] = defaultdict(set)
    for _key, unit, month in dirty:
        for period in periods_around(month):
            units[period].add(unit)
    written = 0
    # Months first: terms and years are made of them.
    for period in sorted(units, key=lambda period: period.kind != PeriodKind.MONTH):
        here = sorted(units[period])
        for start in range(0, len(here), VILLAGES):
            write_distinct_learners(period, here[start : start + VILLAGES])
        written += write_counts(period, here)
    for start in range(0, len(dirty), ROWS):  # these only: others may have come in between
        some = [key for key, _unit, _month in dirty[start : start + ROWS]]
        DirtyMonth.objects.filter(pk__in=some).delete()
    return written


def write_distinct_learners(period: Period, units: Collection[int]) -> None:
    """Make who is stored of these units and this period what the records say (or, of a term or a
    year, what its months say)."""
    stored = {
        (village, learner): key
        for key, village, learner in distinct_learners_in(period)
        .filter(village__in=units)
        .values_list("pk", "village", "learner")
    }
    came = who_came(period, units)
    gone = [key for pair, key in stored.items() if pair not in came]
    for start in range(0, len(gone), ROWS):
        DistinctLearner.objects.filter(pk__in=gone[start : start + ROWS]).delete()
    DistinctLearner.objects.bulk_create(
        (
            DistinctLearner(
                village_id=village,
                period_kind=period.kind,
                starts_on=period.starts_on,
                learner_id=learner,
            )
            for village, learner in sorted(came - stored.keys())
        ),
        batch_size=ROWS,
    )


def who_came(period: Period, units: Collection[int]) -> Came:
    if period.kind == PeriodKind.MONTH:
        marks = AttendanceRecord.objects.filter(
            status__in=COUNTS_AS_PRESENT,
            session__counters__unit__in=units,
            session__counters__day__range=(period.starts_on, period.ends_on),
            session__counters__cancelled=0,
        )
        return set(marks.values_list("session__counters__unit", "learner").distinct())
    months = DistinctLearner.objects.filter(
        village__in=units,
        period_kind=PeriodKind.MONTH,
        # Not a range: an index is searched for each village, and would be read whole for each.
        starts_on__in=[month.starts_on for month in period.months()],
    )
    return set(months.values_list("village", "learner").distinct())


def distinct_learners_in(period: Period) -> QuerySet[DistinctLearner]:
    return DistinctLearner.objects.filter(period_kind=period.kind, starts_on=period.starts_on)


def write_counts(period: Period, units: Iterable[int]) -> int:
    """Count the learners of these units and of all above them; returns how many counts."""
    paths = Unit.objects.filter(pk__in=units).order_by().values_list("path", flat=True)
    trails = {path for end in paths for path in paths_to(end)}
    learners = learners_below(period, trails)
    now = timezone.now()
    counts = DistinctLearnerCount.objects.bulk_create(
        [
            DistinctLearnerCount(
                unit_id=key,
                period_kind=period.kind,
                starts_on=period.starts_on,
                learners=learners.get(path, 0),
                counted_at=now,
            )
            for path, key in sorted(keys_of(trails).items())
        ],
        batch_size=ROWS,
        update_conflicts=True,
        unique_fields=["unit", "period_kind", "starts_on"],
        update_fields=["learners", "counted_at"],
    )
    return len(counts)


def learners_below(period: Period, paths: Iterable[str]) -> dict[str, int]:
    """How many different learners came in the period to each unit and all below it, by its path;
    none where nobody came. A query for each level."""
    levels: dict[int, set[str]] = defaultdict(set)
    for path in paths:
        levels[len(path)].add(path)
    found: dict[str, int] = {}
    for length, level in levels.items():
        seen = distinct_learners_in(period)
        if len(level) <= FEW:
            here = Q()
            for path in level:
                here |= Q(village__path__startswith=path)
            seen = seen.filter(here)
        rows = seen.values(above=Substr("village__path", 1, length)).annotate(
            learners=Count("learner", distinct=True)
        )
        counts = rows.values_list("above", "learners")
        found |= {above: learners for above, learners in counts if above in level}
    return found
