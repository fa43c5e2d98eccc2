"""Nine o'clock: teachers' phones of as many classes, all at once, each on its own session.

    eval "$(bin/services env)"; python benchmarks/morning.py [--classes 200] [--learners 30]

As a phone does when its class sits down: it asks who it is, what it holds, and hands over a mark
for each learner. PostgreSQL and two web processes, as deploy/install starts them. Prints each
request's wall time, the CPU of the web processes and of the database, and whether all is stored.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from threading import Barrier

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")

import psycopg

from tests.journeys.conftest import Site
from tests.journeys.roll_proxy import Phone, make_school

TICKS = os.sysconf("SC_CLK_TCK")
#: A teacher of each class, signed in, instead of the school's two.
TEACHERS = """
import json
from datetime import date
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from lms.classes.models import ClassSession
from lms.people.choices import Role
from lms.people.models import RoleAssignment
cookies = {}
for held in ClassSession.objects.select_related("class_group__unit"):
    user = get_user_model().objects.create_user(f"of{held.pk}", last_name="何", first_name="老师")
    RoleAssignment.objects.create(person=user, role=Role.TEACHER, unit=held.class_group.unit,
                                  from_date=date(2026, 1, 1))
    held.class_group.teachers.set([user])
    client = Client()
    client.force_login(user)
    cookies[held.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps(cookies))
"""


def ask(phone: Phone, port: int, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": f"sessionid={phone.cookie}"})
    reply = connection.getresponse()
    reply.read()
    connection.close()
    if reply.status != 200:
        raise OSError(f"{path}: {reply.status}")


def hand_over(phone: Phone, port: int) -> None:
    status, answers = phone._post(port, list(phone.waiting.values()))
    if status != 200:
        raise OSError(f"events: {status}")
    for answer in answers:
        phone._settle(answer)


def cpu_seconds(processes: Iterable[Path]) -> float:
    """Of these and their children that have ended; those that went are left out."""
    total = 0
    for process in processes:
        try:
            after_name = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, after_name[11:15]))
    return total / TICKS


def children_of(parent: int) -> list[Path]:
    told = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [Path(f"/proc/{pid}") for pid in (str(parent), *told)]


def of_postgres(site: Site) -> list[Path]:
    with psycopg.connect(site.postgres) as connection:
        [[folder]] = connection.execute("SHOW data_directory").fetchall()
    return children_of(int((Path(str(folder)) / "postmaster.pid").read_text().split()[0]))


def at_once(phones: list[Phone], do: Callable[[Phone], None]) -> list[float]:
    """Wall seconds of each, sorted; all begin together."""
    together = Barrier(len(phones))

    def one(phone: Phone) -> float:
        together.wait()
        begun = time.monotonic()
        do(phone)
        return time.monotonic() - begun

    with ThreadPoolExecutor(len(phones)) as pool:
        return sorted(pool.map(one, phones))


def run(site: Site, classes: int, learners: int) -> None:
    # A minute apart, the last of them not yet over.
    school = make_school(site, classes=classes, learners=learners, hours_ago=classes / 60)
    cookies = site.manage("shell", "-v0", "-c", TEACHERS).splitlines()[-1]
    by_session: dict[str, str] = json.loads(cookies)
    phones = []
    for held in school["sessions"]:
        phone = Phone(by_session[str(held["id"])], timedelta())
        for number, learner in enumerate(held["learners"]):
            status = "absent" if number % 10 == 9 else "present"
            phone.mark(held["id"], learner, status, datetime.now().astimezone())
        phones.append(phone)
    site.start("web")
    site.wait_until(site.answers, "the site answers")
    port = int(site.url.rpartition(":")[2])
    ask(phones[0], port, "/roll/api/me")  # a first request imports what the rest need
    print(f"| {classes} phones at once | median | p95 | longest | CPU of web, database a phone |")
    print("|---|---|---|---|---|")
    steps: dict[str, Callable[[Phone], None]] = {
        "who am I": lambda phone: ask(phone, port, "/roll/api/me"),
        "what do I hold": lambda phone: ask(phone, port, "/roll/api/held"),
        f"{learners} marks": lambda phone: hand_over(phone, port),
    }
    for name, do in steps.items():
        web, database = children_of(site.processes["web"].pid), of_postgres(site)
        before = cpu_seconds(web), cpu_seconds(database)
        took = at_once(phones, do)
        spent = cpu_seconds(web) - before[0], cpu_seconds(of_postgres(site)) - before[1]
        p95 = quantiles(took, n=20)[-1]
        median = took[len(took) // 2]
        each = ", ".join(f"{1000 * seconds / classes:.0f} ms" for seconds in spent)
        print(f"| {name} | {median:.2f} s | {p95:.2f} s | {took[-1]:.2f} s | {each} |", flush=True)
    stored = site.value("SELECT count(*) FROM attendance_attendancerecord")
    left = sum(len(phone.waiting) for phone in phones)
    print(f"\nStored {stored} of {classes * learners} marks; {left} wait on phones still.")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--classes", type=int, default=200)
    parser.add_argument("--learners", type=int, default=30)
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit('First: bin/services start; eval "$(bin/services env)"')
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder) / "morning", WEB_CONCURRENCY="2")  # gunicorn's number of workers
        site.migrate()
        try:
            run(site, options.classes, options.learners)
        finally:
            site.stop()
    print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
