"""Measure the tree of units at the size of the country: import, import again, and its pages.

    eval "$(bin/services env)"; python benchmarks/units.py

Makes a database of its own beside that of DATABASE_URL and drops it in the end. Imports Guangzhou,
then a made-up file of the country's shape (31 × 11 × 9 × 13 × 15, some 642,000 rows) around it, and
prints Markdown for benchmarks/README.md. A page is what Django's test client takes to get it, the
least of 15 times, since other work on the machine can only add.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import lms` would look here

GUANGZHOU = ROOT / "lms/units/data/units-guangzhou.csv"
TIMES = 15
NAMES = "东安宁和平新华中山北南西文明光大兴福永太清河石龙白云金玉春"


def country() -> Iterator[tuple[str, str]]:
    """Code and name of each; no code that Guangdong (44) has."""
    provinces = [code for code in range(11, 99) if code != 44][:31]
    for number, province in enumerate(provinces):
        yield f"{province}", f"{name_of(number)}省"
        for city in range(1, 12):
            at_city = f"{province}{city:02}"
            yield at_city, f"{name_of(number + city)}市"
            for district in range(1, 10):
                at_district = f"{at_city}{district:02}"
                yield at_district, f"{name_of(city * district)}区"
                for street in range(1, 14):
                    at_street = f"{at_district}{street:03}"
                    yield at_street, f"{name_of(district * street)}街道"
                    for village in range(1, 16):
                        yield f"{at_street}{village:03}", f"{name_of(street * village)}村委会"


def name_of(number: int) -> str:
    pairs = list(product(NAMES, NAMES))
    return "".join(pairs[number * 37 % len(pairs)])


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def bring(content: bytes) -> str:
    from lms.units.models import Unit
    from lms.units.services.importing import import_units
    from lms.units.unit_file import read_unit_file

    known = frozenset(Unit.objects.open().values_list("code", flat=True))
    units = read_unit_file(content, known_codes=known)
    report = import_units(units, on=date(2026, 9, 1))
    return f"{len(report.new)} new, {report.unchanged} unchanged"


def pages() -> dict[str, str]:
    """Addresses by what they are."""
    from lms.units.models import Unit

    street = Unit.objects.get(code="440103001")
    return {
        "the top": "/admin/units/",
        "Guangzhou": f"/admin/units/?parent={Unit.objects.get(code='4401').pk}",
        "a street": f"/admin/units/?parent={street.pk}",
        "a street's own page": f"/admin/units/inspect/{street.pk}/",
        "search 沙面街道": "/admin/units/?q=沙面街道",
        "search 村 (most names)": "/admin/units/?q=村",
        "search by code": "/admin/units/?q=440103001",
    }


def measure_pages(client: Any) -> dict[str, tuple[float, float]]:
    """Milliseconds by page: all, and those of the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = {}
    for what, address in pages().items():
        taken = []
        for _ in range(TIMES):
            spent, response = seconds(partial(client.get, address))
            assert response.status_code == 200, (what, response.status_code)
            taken.append(1000 * spent)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        in_database = sum(1000 * float(query["time"]) for query in queries)
        found[what] = min(taken), in_database
    return found


def measure_move() -> float:
    """Seconds that the move of a street takes, through the admin's own door; taken back."""
    from django.db import transaction

    from lms.units.actions import UNIT_ACTIONS, preview
    from lms.units.models import Unit

    move = next(action for action in UNIT_ACTIONS if action.slug == "move")
    data = {"parent": Unit.objects.get(code="440104"), "on": date(2026, 10, 1)}
    with transaction.atomic():
        spent, _ = seconds(lambda: preview(move, Unit.objects.get(code="440103001"), data))
    return spent


def analyze() -> None:
    """As autovacuum does within a minute of so many new rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure() -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    content = "code,name\n" + "".join(f"{code},{name}\n" for code, name in country())
    file = content.encode()

    spent, report = seconds(lambda: bring(GUANGZHOU.read_bytes()))
    print(f"Guangzhou: {spent:.1f} s ({report})", flush=True)
    analyze()
    alone = measure_pages(client)
    alone_move = measure_move()
    print(f"The country's file: {len(file) / 2**20:.0f} MiB", flush=True)
    for what in ("Imported", "Imported again"):
        spent, report = seconds(lambda: bring(file))
        print(f"{what}: {spent:.1f} s ({report})", flush=True)
    analyze()
    among_all = measure_pages(client)
    print("\n| page | Guangzhou alone | in the country | ratio |\n|---|---|---|---|")
    for what, (before, before_database) in alone.items():
        after, after_database = among_all[what]
        print(
            f"| {what} | {before:.0f} ms ({before_database:.0f} in the database) "
            f"| {after:.0f} ms ({after_database:.0f}) | {after / before:.2f} × |"
        )
    move = measure_move()
    print(f"\nA street's move, previewed: {alone_move:.2f} s alone, {move:.2f} s in the country")


def main() -> None:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")
    import django
    from django.db import connection
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    if connection.vendor == "postgresql":  # tests may be running meanwhile
        connection.settings_dict["TEST"]["NAME"] = "yinling_benchmark"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        measure()
    finally:
        connection.creation.destroy_test_db(old_database_name="", verbosity=0)


if __name__ == "__main__":
    main()
