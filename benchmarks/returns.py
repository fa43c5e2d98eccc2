"""Measure the monthly returns of a city: 3,041 units sign, are approved and locked; and its pages.

    python benchmarks/returns.py [--classes N] [--standing-out]      SQLite, or DATABASE_URL

Prints a table for benchmarks/README.md. Times are of our own process's CPU, since other work on the
machine comes and goes. Each village held a lecture in the month; beside these there are classes of
thirty learners, with their marks of the year (--classes, 600: 700,000 marks).
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import lms` would look here
if TYPE_CHECKING:
    from benchmarks.city import City
    from lms.returns.models import Return
    from lms.statistics.periods import Period

PAGES = 60
GOAL_MS = 300


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds."""
    start = time.process_time()
    result = work()
    return 1000 * (time.process_time() - start), result


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def say(what: str, measured: str, goal: str = "") -> None:
    print(f"| {what} | {measured} | {goal} |", flush=True)


def hold_lectures(city: City, month: Period) -> None:
    """One in every village."""
    from django.utils import timezone

    from lms.classes.choices import ClassKind, SessionState
    from lms.classes.models import ClassGroup, ClassSession

    groups = ClassGroup.objects.bulk_create(
        ClassGroup(
            unit=unit,
            title="讲座",
            kind=ClassKind.LECTURE,
            starts_on=month.starts_on,
            ends_on=month.ends_on,
        )
        for unit in city.villages
    )
    day = datetime(month.starts_on.year, month.starts_on.month, 10, 9)  # noqa: DTZ001
    start = timezone.make_aware(day)
    end = start + timedelta(hours=1)
    ClassSession.objects.bulk_create(
        ClassSession(
            class_group=group,
            planned_at=start,
            starts_at=start,
            ends_at=end,
            state=SessionState.CLOSED,
            closed_at=end,
            closed_by=city.officer,
            headcount=20 + group.pk % 17,
        )
        for group in groups
    )


def sign(rows: list[Return], city: City) -> None:
    from lms.returns.choices import SignedBy
    from lms.returns.services.signing import submit_return
    from lms.returns.snapshots import Words

    for one in rows:
        submit_return(
            one,
            turn=one.turn,
            by=city.officer,
            signed_with=SignedBy.CODE,
            words=Words("今年不办班", "", "officer"),
        )


def approve(level: str, by: Any) -> tuple[int, int]:
    """How many were approved, and by how many presses."""
    from django.utils import timezone

    from lms.returns.models import Return
    from lms.returns.services.deciding import approve_returns

    opened, done, presses = timezone.now() - timedelta(minutes=2), 0, 0
    for above in Return.objects.filter(below__level=level).distinct():
        turns = dict(above.below.filter(level=level).values_list("pk", "turn"))
        done += approve_returns(above, turns=turns, by=by, opened_at=opened).done
        presses += 1
    return done, presses


def measure_page(city: City, what: str, one: Return) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(city.officer)
    address = one.get_absolute_url()
    assert client.get(address).status_code == 200  # the first compiles templates
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries = len(captured)
    taken = [cpu(lambda: client.get(address))[0] for _page in range(PAGES)]
    told = f"{p95(taken):.0f} ms, {queries} queries"
    say(f"page of {what}, p95", told, f"≤ {GOAL_MS} ms")


def measure_pages(city: City, when: str, month: Period) -> None:
    from django.db.models import Count

    from lms.returns.models import Return

    here = Return.objects.of_month(month).select_related("unit").annotate(n=Count("below"))
    for level, name in (
        ("village", "a village"),
        ("street", "the largest street"),
        ("district", "the largest district"),
        ("city", "the city"),
    ):
        one = here.filter(level=level).order_by("-n", "pk")[0]
        measure_page(city, f"{name} ({one.n} below), {when}", one)


def measure_what_stands_out(month: Period) -> None:
    """Asked of one unit, as its page and its return do, and of all at once."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from lms.reports.standing_out.findings import what_stands_out
    from lms.units.models import Unit

    for what, units in (
        ("the city", Unit.objects.filter(level="city")),
        ("a district", Unit.objects.filter(level="district")[:1]),
        ("a street", Unit.objects.filter(level="street")[:1]),
        ("a village", Unit.objects.filter(level="village")[:1]),
        ("all streets", Unit.objects.filter(level="street")),
        ("all units", Unit.objects.all()),
    ):
        asked = list(units)
        with CaptureQueriesContext(connection) as captured:
            spent, found = cpu(lambda asked=asked: what_stands_out(asked, month))  # type: ignore[misc]
        count = sum(map(len, found.values()))
        told = f"{spent:,.0f} ms, {len(captured)} queries, {count:,} findings"
        say(f"what stands out of {what} ({len(asked):,})", told)


def measure(classes: int, *, only_standing_out: bool = False) -> None:
    from django.contrib.auth import get_user_model

    from benchmarks.city import City, analyze
    from lms.returns.models import Return
    from lms.returns.services.beginning import begin_month
    from lms.returns.services.locking import lock_month
    from lms.statistics.choices import PeriodKind
    from lms.statistics.periods import Period
    from lms.statistics.services.recount import recount

    city = City()
    city.add_classes(classes)
    month = Period.of(PeriodKind.MONTH, city.today).previous
    hold_lectures(city, month)
    recount(mend=True)
    analyze()
    other = get_user_model().objects.create_user("other")
    print("| what | measured (CPU) | goal |\n|---|---|---|")
    measure_what_stands_out(month)
    if only_standing_out:
        return
    spent, made = cpu(lambda: begin_month(month))
    say(f"{made:,} returns begun", f"{spent / 1000:.1f} s")
    measure_pages(city, "before", month)
    whole = 0.0
    for level in ("village", "street", "district", "city"):
        rows = list(Return.objects.filter(level=level).select_related("unit"))
        spent, _ = cpu(lambda rows=rows: sign(rows, city))  # type: ignore[misc]
        whole += spent
        say(
            f"{len(rows):,} signed ({level})",
            f"{spent / 1000:.1f} s, {spent / len(rows):.0f} ms each",
        )
        if level == "district":
            measure_pages(city, "handed in", month)
        spent, (done, presses) = cpu(lambda level=level: approve(level, other))  # type: ignore[misc]
        whole += spent
        if done:
            say(f"{done:,} approved by {presses} presses", f"{spent / 1000:.1f} s")
    top = Return.objects.get(level="city")
    spent, locked = cpu(lambda: lock_month(top, turn=top.turn, by=other))
    say(f"{locked:,} locked", f"{spent / 1000:.1f} s")
    say("all signed, approved and locked", f"{(whole + spent) / 1000:.0f} s", "in one run")
    measure_pages(city, "locked", month)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--classes", type=int, default=600)
    parser.add_argument("--standing-out", action="store_true", help="measure only that")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")
    import django
    from django.db import connection
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    logging.disable(logging.WARNING)
    if connection.vendor == "postgresql":  # tests may be running meanwhile
        connection.settings_dict["TEST"]["NAME"] = "yinling_benchmark"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        measure(asked.classes, only_standing_out=asked.standing_out)
    finally:
        connection.creation.destroy_test_db(old_database_name="", verbosity=0)


if __name__ == "__main__":
    main()
