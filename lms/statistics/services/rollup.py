"""Verbs that keep the sums: whoever changes what is counted calls one of them, in the same
transaction. docs/features/figures.md tells why they cannot differ from the marks.

Locks are taken in one order everywhere: sessions, units, then the sums from villages up to the
city, so that nobody waits in a circle and the busiest row is held for the shortest time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lms.attendance.choices import COUNTS_AS_PRESENT, AttendanceStatus
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.rows import write_rows
from lms.statistics.choices import PeriodKind
from lms.statistics.models import COUNTERS, DirtyMonth, DistinctLearnerCount, SessionCounters
from lms.units.models import Unit, paths_to

#: Sessions that are settled, and sums that are written, at once.
BATCH = 500
ATTENDANCES = COUNTERS.index("attendances")
#: What SessionCounters has of a session, asked with the session itself.
STORED = tuple(f"counters__{name}" for name in ("unit", "day", "kind", "subject", *COUNTERS))
#: Adds to sums, or begins them. In SQL, since bulk_create can only overwrite.
INTO_SUMS = """
INSERT INTO statistics_dailyrollup AS stored (unit_id, day, kind, subject, planned, held, cancelled,
  attendances, excused, absences, headcount)
"""
ADD = """
ON CONFLICT (unit_id, day, kind, subject) DO UPDATE SET
  planned = stored.planned + excluded.planned,
  held = stored.held + excluded.held,
  cancelled = stored.cancelled + excluded.cancelled,
  attendances = stored.attendances + excluded.attendances,
  excused = stored.excused + excluded.excused,
  absences = stored.absences + excluded.absences,
  headcount = stored.headcount + excluded.headcount
"""
#: Of a unit by its path.
ROW = "((SELECT id FROM units_unit WHERE path = %s), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
#: All sums of one unit, so many times (1, or -1 to take them away), for another.
SUMS_OF_ANOTHER = """
SELECT %s, day, kind, subject, times.n * planned, times.n * held, times.n * cancelled,
  times.n * attendances, times.n * excused, times.n * absences, times.n * headcount
FROM statistics_dailyrollup, (SELECT %s AS n) AS times
WHERE unit_id = %s
ORDER BY day, kind, subject
"""
#: In one statement: rows that Django chose first could be added to before it deleted them.
WITHOUT_SESSIONS = "DELETE FROM statistics_dailyrollup WHERE unit_id = %s AND planned = 0"
Row = tuple[int | str | date, ...]
#: In the order of COUNTERS.
Sums = tuple[int, ...]


class RollupKey(NamedTuple):
    """One sum: a row of DailyRollup."""

    unit: int
    day: date
    kind: str
    subject: str


class Contribution(NamedTuple):
    """What a session adds, and to which sum of its own unit."""

    place: RollupKey
    sums: Sums

    def __str__(self) -> str:
        return f"{self.place.unit} {self.place.day} {self.place.kind} {self.sums}"


@transaction.atomic(savepoint=False)
def settle_sessions(sessions: Iterable[int], *, held: bool = False) -> None:
    """Bring the sums of these sessions' units, and of all above, to what the sessions' marks,
    state and headcount say now. Where that is so already, it changes nothing. As many queries for
    BATCH sessions as for one. `held`: the caller has locked the sessions' rows."""
    keys = sorted(set(sessions))
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        if not held:
            _lock_sessions(some)
        _settle(some)


@transaction.atomic
def withdraw_sessions(sessions: Iterable[int]) -> None:
    """Take these sessions out of all sums; they are about to be deleted."""
    keys = sorted(set(sessions))
    _lock_sessions(keys)
    before = stored_contributions(keys)
    SessionCounters.objects.filter(session__in=keys).delete()
    _change_sums(list(before.values()), [])


def _settle(keys: Sequence[int]) -> None:
    before, after = _before_and_after(keys)
    changed = {key: each for key, each in after.items() if each != before.get(key)}
    if changed:
        write_rows(
            SessionCounters,
            ("session", "unit", "day", "kind", "subject", *COUNTERS),
            [(key, *place, *sums) for key, (place, sums) in changed.items()],
            unique=("session",),
        )
    # Even where no sum changes: one learner may have come instead of another.
    attended = [
        each.place for each in [*before.values(), *after.values()] if each.sums[ATTENDANCES]
    ]
    mark_dirty((place.unit, place.day) for place in attended)
    _change_sums([before[key] for key in changed if key in before], list(changed.values()))


def _lock_sessions(keys: Sequence[int]) -> None:
    """Whoever settles one of them at the same moment waits here, and then reads what we wrote."""
    sessions = ClassSession.objects.filter(pk__in=keys).order_by("pk")
    list(sessions.select_for_update(no_key=True).values_list("pk"))


def _before_and_after(
    keys: Sequence[int],
) -> tuple[dict[int, Contribution], dict[int, Contribution]]:
    """What each of these sessions added last, where it did, and what it adds now; one query."""
    before, after = {}, {}
    for row in _counted(ClassSession.objects.filter(pk__in=keys), *STORED):
        after[row["pk"]] = Contribution(_place_of(row), _sums_of(row))
        if row["counters__unit"] is not None:
            unit, day, kind, subject, *sums = (row[name] for name in STORED)
            before[row["pk"]] = Contribution(RollupKey(unit, day, kind, subject), tuple(sums))
    return before, after


def contributions(sessions: QuerySet[ClassSession]) -> dict[int, Contribution]:
    """What each of these sessions adds now, by its key: counted from its marks."""
    rows = _counted(sessions)
    return {row["pk"]: Contribution(_place_of(row), _sums_of(row)) for row in rows}


def _counted(sessions: QuerySet[ClassSession], *more: str) -> QuerySet[ClassSession, dict]:
    return (
        sessions.order_by()
        .values(
            "pk",
            "starts_at",
            "state",
            "headcount",
            "class_group__unit",
            "class_group__kind",
            "class_group__classroom__subject",
            *more,
        )
        .annotate(
            attendances=Count(
                "attendance_records", Q(attendance_records__status__in=COUNTS_AS_PRESENT)
            ),
            excused=Count(
                "attendance_records", Q(attendance_records__status=AttendanceStatus.EXCUSED)
            ),
            absences=Count(
                "attendance_records", Q(attendance_records__status=AttendanceStatus.ABSENT)
            ),
        )
    )


def _place_of(row: Mapping) -> RollupKey:
    return RollupKey(
        unit=row["class_group__unit"],
        day=timezone.localdate(row["starts_at"]),
        kind=row["class_group__kind"],
        subject=row["class_group__classroom__subject"] or "",
    )


def _sums_of(row: Mapping) -> Sums:
    """In the order of COUNTERS. What was cancelled did not take place, so it counts nobody."""
    if row["state"] == SessionState.CANCELLED:
        return (1, 0, 1, 0, 0, 0, 0)
    held = int(row["state"] == SessionState.CLOSED)
    marks = row["attendances"], row["excused"], row["absences"]
    return (1, held, 0, *marks, row["headcount"] or 0)


def stored_contributions(keys: Sequence[int]) -> dict[int, Contribution]:
    rows = SessionCounters.objects.filter(session__in=keys).values_list(
        "session", "unit", "day", "kind", "subject", *COUNTERS
    )
    return {row[0]: Contribution(RollupKey(*row[1:5]), row[5:]) for row in rows}


def _change_sums(before: Sequence[Contribution], after: Sequence[Contribution]) -> None:
    """Take the ones out and add the others, at their units and at all above."""
    changes: dict[RollupKey, Sums] = defaultdict(lambda: (0,) * len(COUNTERS))
    for times, group in ((-1, before), (1, after)):
        for place, sums in group:
            changes[place] = tuple(
                old + times * new for old, new in zip(changes[place], sums, strict=True)
            )
    add_to_sums({place: sums for place, sums in changes.items() if any(sums)}, above_too=True)


def add_to_sums(changes: Mapping[RollupKey, Sums], *, above_too: bool) -> None:
    """Add to the sums of these places; `above_too`: and to those of all units above them."""
    if not changes:
        return
    # Held until the transaction ends: a unit that is on the move waits for us, or we for it.
    units = Unit.objects.filter(pk__in={place.unit for place in changes}).order_by("pk")
    paths = dict(units.select_for_update(no_key=True).values_list("pk", "path"))
    trails = {key: paths_to(path) if above_too else [path] for key, path in paths.items()}
    _write_sums(_totals(changes, trails))


def _totals(changes: Mapping[RollupKey, Sums], trails: Mapping[int, Sequence[str]]) -> list[Row]:
    """What is to be added to each sum, from villages up to the city; `trails` are the paths of the
    units whose sums a unit's change goes into."""
    totals: dict[tuple[int, str, date, str, str], Sums] = {}
    for place, sums in changes.items():
        for path in trails[place.unit]:
            total = -len(path), path, *place[1:]
            known = totals.get(total, (0,) * len(COUNTERS))
            totals[total] = tuple(old + new for old, new in zip(known, sums, strict=True))
    changed = sorted((total, sums) for total, sums in totals.items() if any(sums))
    return [(*total[1:], *sums) for total, sums in changed]


def _write_sums(rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            values = "VALUES " + ", ".join([ROW] * len(some))
            cursor.execute(INTO_SUMS + values + ADD, [each for row in some for each in row])


def keys_of(paths: Iterable[str]) -> dict[str, int]:
    """Units' keys by their paths."""
    return dict(Unit.objects.filter(path__in=set(paths)).order_by().values_list("path", "pk"))


def mark_dirty(days: Iterable[tuple[int, date]]) -> None:
    """Let the learners of these units be counted anew, in the periods around each of these days."""
    months = {(unit, day.replace(day=1)) for unit, day in days}
    write_rows(DirtyMonth, ("unit", "month"), sorted(months))


@transaction.atomic
def move_sums(unit: Unit, *, was: str) -> None:
    """The unit, which had the path `was`, has moved: its sums leave the units that it no longer
    stands under and join the new ones. Costs with its days, whatever is below it."""
    before, now = paths_to(was)[:-1], paths_to(unit.path)[:-1]
    keys = keys_of([*before, *now])
    turns = [(-len(path), path, -1) for path in before if path not in now]
    turns += [(-len(path), path, 1) for path in now if path not in before]
    with connection.cursor() as cursor:
        for _depth, path, times in sorted(turns):  # the order in which marks are added too
            key = keys[path]
            cursor.execute(INTO_SUMS + SUMS_OF_ANOTHER + ADD, (key, times, unit.pk))
            if times < 0:
                cursor.execute(WITHOUT_SESSIONS, (key,))
    months = DistinctLearnerCount.objects.filter(unit=unit, period_kind=PeriodKind.MONTH)
    concerned = [unit.pk, *(keys[path] for path in before[-1:])]
    mark_dirty(
        (key, month) for month in months.values_list("starts_on", flat=True) for key in concerned
    )
