"""Measure the figures of a city: 10 million marks over Guangzhou's 3,041 units (1 on SQLite).

    eval "$(bin/services env)"; python benchmarks/rollup.py [--marks N]

Makes a database of its own beside that of DATABASE_URL and drops it in the end; 10 million marks
take some 5 GB and half an hour. The marks of the past are written in a few statements, without the
roll's events, which no figure is counted from; the figures are then counted by `recount --mend`, as
on an installation that had none. A tenth and the whole are measured in one run: the city's page for
the year through Django, against counting the raw marks; taking a class, with and without figures;
moving a street with five years of history; the jobs of the minute and of the night.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import lms` would look here
if TYPE_CHECKING:
    from benchmarks.city import City

PAGES = 100
ROLLS = 60  # half of them without figures
YEARS = 5  # of history when a street is moved
MOVES = 5

#: The same sums again, some days earlier.
ADD_HISTORY = """
INSERT INTO statistics_dailyrollup (unit_id, day, kind, subject, planned, held, cancelled,
  attendances, excused, absences, headcount)
SELECT unit_id, {earlier}, kind, subject, planned, held, cancelled, attendances, excused, absences,
  headcount
FROM statistics_dailyrollup WHERE unit_id = %s AND day >= %s
"""


def milliseconds(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - start), result


def p50(taken: list[float]) -> float:
    return statistics.median(taken)


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def say(what: str, measured: str, goal: str = "") -> None:
    print(f"| {what} | {measured} | {goal} |", flush=True)


def measure_page(city: City, **asked: str) -> list[float]:
    """The reports' overview of the city, as its officer gets it."""
    from django.test import Client
    from django.urls import reverse

    from benchmarks.city import CITY

    client = Client()
    client.force_login(city.officer)
    address = reverse("reports:unit", args=[CITY])
    taken = []
    for _ in range(PAGES + 1):
        spent, response = milliseconds(partial(client.get, address, asked))
        assert response.status_code == 200, response.status_code
        taken.append(spent)
    return taken[1:]  # the first compiles templates


def measure_queries(city: City) -> list[float]:
    """The two queries alone that the page needs: the city, and its districts."""
    from lms.statistics.choices import PeriodKind
    from lms.statistics.periods import Period
    from lms.statistics.queries import figures_of, figures_of_children

    year = Period.of(PeriodKind.YEAR, city.today)

    def both() -> None:
        figures_of(city.unit, year)
        figures_of_children(city.unit, year)

    return [milliseconds(both)[0] for _ in range(PAGES)]


def measure_naive(city: City) -> float:
    """Marks and different learners by district in the year, counted from the marks."""
    from django.db.models import Count, Q
    from django.db.models.functions import Substr

    from lms.attendance.choices import COUNTS_AS_PRESENT
    from lms.attendance.models import AttendanceRecord
    from lms.statistics.choices import PeriodKind
    from lms.statistics.periods import Period
    from lms.units.models import Unit

    start, beyond = Period.of(PeriodKind.YEAR, city.today).moments()
    came = Q(status__in=COUNTS_AS_PRESENT)
    rows = (
        AttendanceRecord.objects.filter(
            session__starts_at__gte=start,
            session__starts_at__lt=beyond,
            session__class_group__unit__path__startswith=city.unit.path,
        )
        .annotate(district=Substr("session__class_group__unit__path", 1, 2 * Unit.steplen))
        .values("district")
        .annotate(sessions=Count("session", distinct=True), attendances=Count("pk", filter=came))
        .annotate(learners=Count("learner", filter=came, distinct=True))
    )
    return milliseconds(lambda: list(rows))[0]


def measure_rolls(city: City) -> tuple[list[float], list[float]]:
    """Milliseconds that the server takes to store the roll of a class of 30: marks alone, and with
    the figures. In turns, since other work on the machine comes and goes."""
    from benchmarks.city import LEARNERS, moment
    from lms.attendance.choices import AttendanceStatus
    from lms.attendance.services.events import Incoming, record_events
    from lms.classes.models import ClassSession
    from lms.statistics.services.rollup import settle_sessions

    sequence, device = count(1), uuid.uuid4()
    planned = city.class_group.sessions.count()
    bare: list[float] = []
    whole: list[float] = []
    for number in range(ROLLS):
        start = moment(city.today, 0) + timedelta(minutes=planned + number)
        session = ClassSession.objects.create(
            class_group=city.class_group,
            planned_at=start,
            starts_at=start,
            ends_at=start + timedelta(hours=1),
        )
        settle_sessions([session.pk])
        events = [
            Incoming(
                sequence=next(sequence),
                session=session.pk,
                learner=learner.number,
                status=AttendanceStatus.PRESENT,
                at=start,
            )
            for learner in city.names
        ]
        record = partial(
            record_events, events, device=device, device_now=start, recorded_by=city.officer
        )
        if number % 2:
            before = attendances(city)
            whole.append(milliseconds(record)[0])
            assert attendances(city) == before + LEARNERS, "the city does not show it at once"
        else:
            with mock.patch("lms.attendance.services.events.settle_sessions"):
                bare.append(milliseconds(record)[0])
            settle_sessions([session.pk])
    return bare[3:], whole[3:]


def attendances(city: City) -> int:
    from lms.statistics.choices import PeriodKind
    from lms.statistics.periods import Period
    from lms.statistics.queries import figures_of

    return figures_of(city.unit, Period.of(PeriodKind.YEAR, city.today)).attendances


def measure_counts(city: City) -> tuple[float, float]:
    """Seconds of the minute's job: after one class, and when every village has held one."""
    from benchmarks.city import WEEKS
    from lms.statistics.services.distinct_learners import count_learners
    from lms.statistics.services.rollup import mark_dirty

    last_day = city.monday + timedelta(weeks=WEEKS - 1)
    mark_dirty([(city.class_group.unit_id, city.today)])
    one, _ = milliseconds(count_learners)
    mark_dirty((village.pk, last_day) for village in city.villages)
    every, _ = milliseconds(count_learners)
    return one / 1000, every / 1000


def measure_moves(city: City) -> tuple[list[float], int]:
    """Milliseconds to move a street to another district, and its days; each is taken back."""
    from django.db import connection, transaction

    from benchmarks.city import ours
    from lms.statistics.models import DailyRollup
    from lms.units.models import Unit
    from lms.units.services.tree import move_unit

    street = city.class_group.unit.get_parent()
    other = Unit.objects.filter(depth=2).exclude(pk=street.get_parent().pk).first()
    taken, days = [], 0
    for _ in range(MOVES):
        with transaction.atomic():
            with connection.cursor() as cursor:
                for years in range(1, YEARS):
                    earlier = ours("day - %s", "date(day, -%s || ' days')")
                    for unit in (street, street.get_parent(), other, city.unit):
                        known = (371 * years, unit.pk, city.monday)
                        cursor.execute(ADD_HISTORY.format(earlier=earlier), known)
            days = DailyRollup.objects.filter(unit=street).count()
            move = partial(move_unit, Unit.objects.get(pk=street.pk), parent=other, on=city.today)
            taken.append(milliseconds(move)[0])
            transaction.set_rollback(True)
    return taken, days


def measure(city: City, marks: int) -> float:
    """Prints all that is to be told at this size; returns the page's p50."""
    from benchmarks.city import LEARNERS, analyze
    from lms.statistics.services.recount import recount

    city.grow(marks)
    spent, result = milliseconds(lambda: recount(mend=True))
    analyze()
    say(f"figures of {result.drift:,} rows that had none", f"{spent / 1000:.0f} s")
    year = str(city.today.year)
    queries = measure_queries(city)
    say("its two queries alone, p50 / p95", f"{p50(queries):.0f} / {p95(queries):.0f} ms")
    page = measure_page(city, period=year)
    say(
        "the city's page for a year, p50 / p95",
        f"{p50(page):.0f} / {p95(page):.0f} ms",
        "p95 ≤ 300",
    )
    naive = measure_naive(city)
    say("the same from raw marks", f"{naive / 1000:.1f} s, {naive / p50(page):.0f} × the page")
    bare, whole = measure_rolls(city)
    say(
        f"storing a class of {LEARNERS}: marks alone, with figures, p50",
        f"{p50(bare):.1f}, {p50(whole):.1f} ms: {p50(whole) / p50(bare):.2f} ×",
        "≤ 2 ×; the city shows it in the same request",
    )
    one, every = measure_counts(city)
    say("counting learners after a class", f"{one:.2f} s, every 30 s", "≤ 60 s")
    say(
        f"counting learners after a class in each of {len(city.villages):,} villages",
        f"{every:.1f} s",
    )
    moves, days = measure_moves(city)
    say(
        f"moving a street with {days:,} sums in {YEARS} years, most of {MOVES}",
        f"{max(moves):.0f} ms",
        "≤ 1 s",
    )
    return p50(page)


def measure_past(city: City) -> None:
    """After a street has really moved: the page in the tree that was."""
    from lms.statistics.services.distinct_learners import count_learners
    from lms.units.models import Unit
    from lms.units.services.tree import move_unit

    street = city.class_group.unit.get_parent()
    other = Unit.objects.filter(depth=2).exclude(pk=street.get_parent().pk).first()
    move_unit(Unit.objects.get(pk=street.pk), parent=other, on=city.today)
    count_learners()
    page = measure_page(city, period=f"{city.today.year}-spring", tree="then")
    say("a term in the tree that was, p50 / p95", f"{p50(page):.0f} / {p95(page):.0f} ms")


def run(marks: int) -> None:
    from benchmarks.city import City
    from lms.statistics.services.recount import recount

    city = City()
    print("| | measured | goal |\n|---|---|---|")
    say(f"**{marks // 10:,} marks**", "")
    tenth = measure(city, marks // 10)
    say(f"**{marks:,} marks**", "")
    page = measure(city, marks)
    say("the page, ten times the marks", f"{page / tenth:.2f} ×", "≤ 2 ×")
    measure_past(city)
    spent, result = milliseconds(recount)
    say(
        f"the night's recount of {result.compared:,} rows",
        f"{spent / 1000:.0f} s, drift {result.drift}",
        "drift 0",
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--marks", type=int, default=None)
    marks = parser.parse_args().marks
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")
    import django
    from django.db import connection
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    logging.disable(logging.WARNING)  # what the mending finds is no news
    if connection.vendor == "postgresql":  # tests may be running meanwhile
        connection.settings_dict["TEST"]["NAME"] = "yinling_benchmark"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        run(marks or (10_000_000 if connection.vendor == "postgresql" else 1_000_000))
    finally:
        connection.creation.destroy_test_db(old_database_name="", verbosity=0)


if __name__ == "__main__":
    main()
