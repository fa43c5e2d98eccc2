"""Nine o'clock: teachers' phones of as many classes, all at once, each on its own session.

    eval "$(bin/services env)"; python benchmarks/morning.py [--classes 200] [--learners 30]

As a phone does when its class sits down: it asks who it is, what it holds, and hands over a mark
for each learner. PostgreSQL and two web processes, as deploy/install starts them. Prints each
request's wall time, the CPU of the web processes, of the database, of Redis and of this program,
whose share of the machine two hundred phones would not take, and whether all is stored.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")

import psycopg
import redis

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


def request(phone: Phone, path: str, body: bytes = b"") -> bytes:
    """As a browser sends it; with a body it is a POST."""
    token = "0" * 32
    head = [
        f"{'POST' if body else 'GET'} /roll/api/{path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: sessionid={phone.cookie}; csrftoken={token}",
        f"X-CSRFToken: {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def marks_of(phone: Phone) -> bytes:
    events = list(phone.waiting.values())
    told = {"now": datetime.now().astimezone().isoformat(), "events": events}
    return request(phone, f"devices/{phone.device}/events", json.dumps(told).encode())


def settle(phone: Phone, answers: bytes) -> None:
    for answer in json.loads(answers):
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


def of_redis(site: Site) -> list[Path]:
    told = redis.Redis.from_url(site.environment["CACHE_URL"]).info("server")
    return [Path(f"/proc/{told['process_id']}")]


async def exchange(port: int, asked: bytes, begun: float) -> tuple[float, bytes]:
    """Wall seconds since `begun`, and what was answered. Raises OSError for anything but 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(asked)
    head, _blank, body = (await reader.read()).partition(b"\r\n\r\n")
    took = time.monotonic() - begun
    writer.close()
    if head.split(b" ", 2)[1:2] != [b"200"]:
        raise OSError(head.decode(errors="replace"))
    return took, body


async def at_once(port: int, asked: Iterable[bytes]) -> list[tuple[float, bytes]]:
    begun = time.monotonic()
    return await asyncio.gather(*(exchange(port, each, begun) for each in asked))


#: Whose CPU is told.
PARTS = ("web", "database", "Redis", "this program")


def spent(site: Site) -> list[float]:
    """CPU seconds so far, in the order of PARTS."""
    web = children_of(site.processes["web"].pid)
    return [*map(cpu_seconds, (web, of_postgres(site), of_redis(site))), time.process_time()]


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
    port = urlsplit(site.url).port or 80
    asyncio.run(at_once(port, [request(phones[0], "me")]))  # which imports what the rest need
    print(
        f"| {classes} phones at once | median | p95 | longest | CPU a phone: {', '.join(PARTS)} |"
    )
    print("|---|---|---|---|---|")
    steps: dict[str, Callable[[Phone], bytes]] = {
        "who am I": lambda phone: request(phone, "me"),
        "what do I hold": lambda phone: request(phone, "held"),
        f"{learners} marks": marks_of,
    }
    for name, ask in steps.items():
        asked = [ask(phone) for phone in phones]
        before = spent(site)
        answers = asyncio.run(at_once(port, asked))
        parts = [after - then for after, then in zip(spent(site), before, strict=True)]
        if ask is marks_of:
            for phone, (_took, body) in zip(phones, answers, strict=True):
                settle(phone, body)
        took = sorted(seconds for seconds, _body in answers)
        p95 = quantiles(took, n=20)[-1]
        median = took[len(took) // 2]
        each = ", ".join(f"{1000 * seconds / classes:.1f}" for seconds in parts)
        print(
            f"| {name} | {median:.2f} s | {p95:.2f} s | {took[-1]:.2f} s | {each} ms |", flush=True
        )
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
