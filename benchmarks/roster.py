"""Sends lists of learners through the pages, looks at them, imports them and takes them back.

python benchmarks/roster.py [ROWS]      5,000 where nothing is said; SQLite, or DATABASE_URL

Prints a table for benchmarks/README.md: seconds, queries, and the process's peak memory. Half of
the people are registered beforehand; a twentieth of the rows may be somebody who is.
"""

import io
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import lms` would look here

FAMILY = "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖周"
GIVEN = "秀英桂兰玉珍国强建华志明淑芬水生金妹福来月娥宝珠永昌文彬惠芳"


def people(count: int) -> list[tuple[str, int | None, str]]:
    """Invented, and no two alike."""
    chance = random.Random(1)
    found: dict[tuple[str, int], str] = {}
    while len(found) < count:
        name = chance.choice(FAMILY) + chance.choice(GIVEN) + chance.choice(GIVEN)
        found[name, chance.randint(1935, 1965)] = f"138{chance.randrange(10**8):08}"
    return [(name, year, telephone) for (name, year), telephone in found.items()]


def as_xlsx(rows: list[tuple[str, int | None, str]]) -> bytes:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(["姓名", "出生年份", "电话"])
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def measured(what: str, work: Callable[[], Any]) -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        start = time.perf_counter()
        result = work()
        spent = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {what} | {spent:.1f} s | {len(queries)} | {peak:.0f} MiB |", flush=True)
    return result


def measure(count: int) -> None:
    from django.contrib.auth import get_user_model
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from lms.classes.models import ClassGroup, Enrolment
    from lms.people.models import Learner
    from lms.people.services.learners import Newcomer, register_learners
    from lms.rosters.models import RosterImport
    from lms.units.models import Unit
    from lms.units.services.importing import import_units
    from lms.units.unit_file import UnitFile

    names = {
        "4401": "广州市",
        "440103": "荔湾区",
        "440103001": "沙面街道",
        "440103001001": "翠洲社区",
    }
    import_units(UnitFile(names), on=date(2026, 1, 1))
    village = Unit.objects.get(code="440103001001")
    today = date.today()  # noqa: DTZ011
    group = ClassGroup.objects.create(
        unit=village, title="手机班", capacity=count // 2, starts_on=today,
        ends_on=today + timedelta(days=30),
    )  # fmt: skip
    listed = people(count)
    register_learners([Newcomer(n, village.pk, y, t) for n, y, t in listed[: count // 2]])
    maybe = count // 20
    rows = [*((name, None, t) for name, _year, t in listed[:maybe]), *listed[maybe:]]
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    content = as_xlsx(rows)
    print(f"{count} rows, {len(content) / 1024:.0f} KiB")
    print("\n| step | time | queries | peak |\n|---|---|---|---|")

    def post(url: str, sent: dict[str, Any]) -> Any:
        response = client.post(url, sent)
        assert response.status_code == 302, (url, response.status_code)
        return response.headers["Location"]

    file = SimpleUploadedFile("名单.xlsx", content)
    page = measured(
        "sent, read, judged", lambda: post(f"/classes/{group.pk}/roster/", {"file": file})
    )
    measured("preview shown", lambda: client.get(page))
    measured("the rest answered", lambda: post(page, {"do": "all_other"}))
    measured("imported", lambda: post(page, {"do": "import"}))
    roster = RosterImport.objects.get()
    print(
        f"\nregistered {roster.registered}, enrolled {roster.enrolled}, waiting {roster.waiting}\n"
    )
    measured("undone", lambda: post(f"/classes/rosters/{roster.pk}/undo/", {}))
    assert (Learner.objects.count(), Enrolment.objects.count()) == (count // 2, 0)


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")
    import django
    from django.db import connection
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    if connection.vendor == "postgresql":  # tests may be running meanwhile
        connection.settings_dict["TEST"]["NAME"] = "yinling_roster"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        measure(count)
    finally:
        connection.creation.destroy_test_db(old_database_name="", verbosity=0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
