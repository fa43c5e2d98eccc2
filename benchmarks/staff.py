"""Sends a list of staff through the pages: read and judged, imported, judged again, and its slips.

python benchmarks/staff.py [ROWS]      3,000 where nothing is said; SQLite, or DATABASE_URL

Prints a table for benchmarks/README.md: seconds and queries. The units are Guangzhou's, as they are
shipped; a third of the people have no telephone.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import lms` would look here

FAMILY = "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖周"
GIVEN = "秀英桂兰玉珍国强建华志明淑芬水生金妹福来月娥宝珠永昌文彬惠芳"


def as_csv(count: int, units: list[tuple[str, str]]) -> bytes:
    chance = random.Random(1)
    lines = ["姓名,手机号,单位,角色"]
    for number in range(count):
        name = chance.choice(FAMILY) + chance.choice(GIVEN) + chance.choice(GIVEN)
        telephone = "" if number % 3 == 2 else f"138{number:08}"
        lines.append(f"{name},{telephone},{chance.choice(units)[number % 2]},教师")
    return "\n".join(lines).encode()


def measured(what: str, work: Callable[[], Any]) -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        start, busy = time.perf_counter(), time.process_time()
        result = work()
        spent, busy = time.perf_counter() - start, time.process_time() - busy
    print(f"| {what} | {spent:.1f} s | {busy:.1f} s | {len(queries)} |", flush=True)
    return result


def main(count: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings.test"
    import django

    django.setup()
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from django.test import Client
    from django.test.runner import DiscoverRunner

    from lms.accounts.models import User
    from lms.units.models import Unit

    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        call_command("import_units", str(ROOT / "lms/units/data/units-guangzhou.csv"), stdout=None)
        by_name = list(Unit.objects.filter(level="village").values_list("code", "name"))
        names = [name for _code, name in by_name]
        once = [(code, name) for code, name in by_name if names.count(name) == 1]
        client = Client()
        client.force_login(User.objects.create_superuser("admin"))
        content = as_csv(count, once)

        def send() -> str:
            file = SimpleUploadedFile("staff.csv", content)
            return client.post("/people/lists/", {"file": file})["Location"]

        print(f"| {count} rows | time | of that our CPU | queries |")
        url = measured("read and judged", send)
        measured("the preview page", lambda: client.get(url))
        measured("imported", lambda: client.post(url, {"do": "import"}))
        measured("sent again, all known", send)
        slips = measured("400 slips printed", lambda: client.post(f"{url}slips.pdf"))
        print(f"{len(slips.content) / 1024:.0f} KiB of PDF")
        measured("undone", lambda: client.post(f"{url}undo/"))
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
