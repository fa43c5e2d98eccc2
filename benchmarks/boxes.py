"""A city and a village box, two machines with a database each: what is born on the box arrives.

    python benchmarks/boxes.py [--events 20000] [--namespaces] [--migrated FILE] [--seed N]

The box lives through weeks of rolls by three telephones and its own pages, with walk-ins. Its
letters go half by a line that is cut in between, half on sticks that are late, come twice and
overtake each other. Then both databases must say the same: every event once, every mark, every
sum. With --namespaces (root) the two are machines of their own, with a network cable between them
that is slow and is pulled; else two processes on the loopback, and the city's web process is killed
and comes back. --migrated: an empty migrated SQLite database to copy, which saves a minute. Prints
Markdown; the exit code is 1 where anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VILLAGE = "440103001001"
CITY_IP, BOX_IP = "10.77.0.1", "10.77.0.2"
PATIENCE_SECONDS = 240  # on a machine that does other things beside

SETUP = "import django; django.setup()\n"

MAKE_SCHOOL = """
import json, sys
from datetime import date, timedelta
from django.utils import timezone
from lms.accounts.models import User
from lms.boxes.services.registering import make_box
from lms.classes.choices import Door
from lms.classes.models import ClassGroup, ClassSession, Enrolment
from lms.classes.services.enrolments import enrol_many
from lms.classes.sums import settle_sessions
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.people.services.learners import Newcomer, register_learners
from lms.units.models import Unit
from lms.units.services.importing import import_units
from lms.units.unit_file import UnitFile

import_units(UnitFile({"4401": "广州市", "440103": "荔湾区", "440103001": "沙面街道",
                       "440103001001": "翠洲社区"}), on=date(2026, 1, 1))
village = Unit.objects.get(code="440103001001")
officer = User.objects.create_user("officer", password="officer")
teacher = User.objects.create_user("teacher", password="teacher")
for person, role in ((officer, Role.OFFICER), (teacher, Role.TEACHER)):
    RoleAssignment.objects.create(
        person=person, role=role, unit=village, from_date=date(2026, 1, 1))
today = timezone.localdate()
now = timezone.now().replace(microsecond=0)
for number in range(4):
    group = ClassGroup.objects.create(unit=village, title=f"第{number}班",
        starts_on=today - timedelta(days=90), ends_on=today + timedelta(days=90))
    group.teachers.add(teacher)
    people = register_learners([Newcomer(f"学员{number}-{n}", village.pk, 1950) for n in range(30)])
    enrol_many(people, group, door=Door.IN_PERSON, recorded_by=officer)
    for day in range(1, 22):
        start = now - timedelta(days=day, hours=number)
        ClassSession.objects.create(class_group=group, planned_at=start, starts_at=start,
            ends_at=start + timedelta(hours=1))
settle_sessions(ClassSession.objects.values_list("pk", flat=True))
Enrolment.objects.update(joined_at=now - timedelta(days=80))
box, code = make_box(name="bench", unit=village, made_by=officer)
print(json.dumps(code))
"""

LIVE = """
import json, random, uuid, sys
from datetime import timedelta
from lms.accounts.models import User
from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.events import Incoming, WalkIn, record_events
from lms.attendance.services.page import mark_on_page
from lms.boxes.services.journal import write_batches
from lms.classes.models import ClassSession

events, seed = int(sys.argv[1]), int(sys.argv[2])
chance = random.Random(seed)
teacher = User.objects.get(username="teacher")
sessions = list(ClassSession.objects.select_related("class_group"))
people = {}
for session in sessions:
    group = session.class_group_id
    if group not in people:
        rows = session.class_group.enrolments.select_related("learner")
        people[group] = [each.learner.number for each in rows]
phones = [uuid.UUID(int=seed * 10 + number, version=4) for number in range(3)]
counted = dict.fromkeys(phones, 0)
statuses = list(AttendanceStatus)
made = 0
while made < events:
    phone, batch = chance.choice(phones), []
    for _time in range(min(200, events - made)):
        counted[phone] += 1
        session = chance.choice(sessions)
        at = session.starts_at + timedelta(seconds=chance.randint(0, 36000))
        if chance.random() < 0.005:
            batch.append(WalkIn(counted[phone], session.pk, at, name=f"来客{seed}-{made}"))
        else:
            number = chance.choice(people[session.class_group_id])
            batch.append(Incoming(counted[phone], session.pk, number, chance.choice(statuses), at))
        made += 1
    record_events(batch, device=phone, device_now=None, recorded_by=teacher)
    session = chance.choice(sessions)
    some = chance.sample(people[session.class_group_id], 3)
    mark_on_page(session, statuses={n: chance.choice(statuses) for n in some}, recorded_by=teacher)
print(json.dumps(write_batches()))
"""

FIGURES = """
import hashlib, json
from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.boxes.models import BornBatch, HeldLine, TakenBatch
from lms.people.models import Learner
from lms.statistics.models import SessionCounters

def digest(rows):
    return hashlib.sha256("\\n".join(sorted(map(str, rows))).encode()).hexdigest()[:16]

events = AttendanceEvent.objects.values_list(
    "session__uid", "learner__number", "status", "marked_at", "device_time", "reason")
marks = AttendanceRecord.objects.values_list("session__uid", "learner__number", "status", "differs")
sums = SessionCounters.objects.values_list(
    "session__uid", "held", "attendances", "absences", "excused")
print(json.dumps({
    "events": AttendanceEvent.objects.count(), "of events": digest(events),
    "marks": AttendanceRecord.objects.count(), "of marks": digest(marks),
    "sums": digest(sums), "learners": digest(Learner.objects.values_list("number", "name")),
    "held": HeldLine.objects.count(), "taken": TakenBatch.objects.count(),
    "waiting": BornBatch.objects.filter(taken_at=None).count(),
}))
"""

HELLO = """
import json, sys
from lms.boxes.services.registering import say_hello
say_hello(code=sys.argv[1], city_address=sys.argv[2])
print(json.dumps(None))
"""

SPEAK = """
import json
from lms.boxes.line import LineCut, speak_with_city
from lms.boxes.refusals import BoxRefused
try:
    spoken = speak_with_city()
    print(json.dumps([spoken.batches, ""]))
except (LineCut, BoxRefused) as why:
    print(json.dumps([0, str(why)]))
"""


class Machine:
    """A folder with a database, and the program in it."""

    def __init__(self, name: str, var: Path, *, is_box: bool, namespace: str = "") -> None:
        self.name, self.var = name, var
        self.before = ["ip", "netns", "exec", namespace] if namespace else []
        var.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **os.environ,
            "VAR_DIR": str(var),
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            "ALLOWED_HOSTS": "*",
            "DEBUG": "1",  # style sheets need not be collected
            "BOX": "1" if is_box else "",
        }

    def command(self, *words: str) -> list[str]:
        return [*self.before, sys.executable, *words]

    def run(self, code: str, *words: str) -> Any:
        done = subprocess.run(
            self.command("-c", SETUP + code, *words),
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"{self.name}: {done.stderr[-3000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def manage(self, *words: str) -> None:
        subprocess.run(
            self.command("manage.py", *words),
            cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def begin(self, code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command("-c", SETUP + code),
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip


class Web:
    """The city's web process, which can be killed."""

    def __init__(self, city: Machine, host: str, port: int, reach: Machine) -> None:
        self.city, self.host, self.port, self.reach = city, host, port, reach
        self.start()

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        log = (self.city.var / "web.log").open("a")
        self.process = subprocess.Popen(
            self.city.command(
                "-m", "gunicorn", "lms.wsgi", "--bind", f"{self.host}:{self.port}",
                "--threads", "4", "--no-control-socket",
            ),
            cwd=ROOT, env=self.city.environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        look = f"import urllib.request; urllib.request.urlopen('{self.address}/healthz', timeout=5)"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while subprocess.run(
            self.reach.command("-c", look), capture_output=True, check=False
        ).returncode:
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit((self.city.var / "web.log").read_text()[-3000:])
            time.sleep(0.3)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def cable() -> Iterator[None]:
    """Two machines and a cable: 100 ms there, 100 ms back, and two packets of a hundred lost where
    the kernel can."""
    for name in ("yl-city", "yl-box"):
        subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        subprocess.run(
            ["ip", "link", "add", "yl0", "netns", "yl-city", "type", "veth",
             "peer", "name", "yl1", "netns", "yl-box"], check=True,
        )  # fmt: skip
        for name, link, ip in (("yl-city", "yl0", CITY_IP), ("yl-box", "yl1", BOX_IP)):
            of = ["ip", "-n", name]
            subprocess.run([*of, "addr", "add", f"{ip}/24", "dev", link], check=True)
            subprocess.run([*of, "link", "set", link, "up"], check=True)
            subprocess.run([*of, "link", "set", "lo", "up"], check=True)
            slow = ["tc", "-n", name, "qdisc", "add", "dev", link, "root", "netem"]
            with contextlib.suppress(OSError):
                subprocess.run([*slow, "delay", "100ms", "loss", "2%"], check=False)
        yield
    finally:
        for name in ("yl-city", "yl-box"):
            subprocess.run(["ip", "netns", "del", name], check=False)


def pull(out: bool) -> None:
    state = "down" if out else "up"
    subprocess.run(["ip", "-n", "yl-city", "link", "set", "yl0", state], check=True)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def speak_until_cut(box: Machine, web: Web, *, namespaces: bool, seconds: float) -> str:
    """Begin to hand over, and cut the line in the midst of it. Returns what the box says of it."""
    speaking = box.begin(SPEAK)
    before = box_waits(box)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while box_waits(box) == before and speaking.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)  # until the first of it has arrived
    if namespaces:
        pull(out=True)
    else:
        web.kill()
    said = speaking.communicate()[0]
    time.sleep(seconds)
    if namespaces:
        pull(out=False)
    else:
        web.start()
    return str(json.loads(said.splitlines()[-1])[1])


def box_waits(box: Machine) -> int:
    """Batches that are not acknowledged, read beside the program."""
    with contextlib.closing(sqlite3.connect(box.var / "yinling.sqlite3", timeout=20)) as database:
        row = database.execute("SELECT count(*) FROM boxes_bornbatch WHERE taken_at IS NULL")
        return int(row.fetchone()[0])


def migrate(city: Machine, box: Machine, migrated: Path | None) -> None:
    """Both have the same empty tables; `migrated`: a database that has them, to copy."""
    database = city.var / "yinling.sqlite3"
    if migrated:
        shutil.copy(migrated, database)
    else:
        city.manage("migrate", "-v0")
    shutil.copy(database, box.var / "yinling.sqlite3")


def go_through(options: argparse.Namespace, work: Path) -> bool:
    of = ("yl-city", "yl-box") if options.namespaces else ("", "")
    city = Machine("city", work / "city", is_box=False, namespace=of[0])
    box = Machine("box", work / "box", is_box=True, namespace=of[1])
    migrate(city, box, options.migrated)
    code = city.run(MAKE_SCHOOL)
    web = Web(city, CITY_IP if options.namespaces else "127.0.0.1", free_port(), box)
    took: dict[str, float] = {}

    @contextlib.contextmanager
    def timed(what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        took[what] = time.monotonic() - began

    try:
        with timed("register, and take the first snapshot"):
            box.run(HELLO, code, web.address)
            box.run(SPEAK)
        first, second = work / "stick-1", work / "stick-2"
        first.mkdir()
        second.mkdir()
        half = options.events // 2
        with timed("live: the first half of the events, and the journal"):
            box.run(LIVE, str(half), str(options.seed))
        with timed("write the first stick"):
            box.manage("box_out", str(first))
        with timed("live: the second half, and the journal"):
            box.run(LIVE, str(options.events - half), str(options.seed + 1))
        box.manage("box_out", str(second))
        with timed("the line, until it is cut"):
            said = speak_until_cut(box, web, namespaces=options.namespaces, seconds=2)
        waited = box_waits(box)
        with timed("the second stick in the city, all of it"):
            city.manage("box_in", str(second))
        with timed("the first stick, late, and both once more"):
            for folder in (first, second, first):
                city.manage("box_in", str(folder))
        with timed("the rest by line"):
            _handed, trouble = box.run(SPEAK)
        box.manage("box_in", str(first))
        there, here = box.run(FIGURES), city.run(FIGURES)
    finally:
        web.kill()
    same = ("events", "of events", "marks", "of marks", "sums", "learners")
    print(f"| {options.events} events | box | city |\n|---|---|---|")
    for name in there:
        print(f"| {name} | {there[name]} | {here[name]} |")
    print(
        f"\nCut: “{said}”; {waited} batches were not acknowledged then. Last: {trouble or 'well'}."
    )
    print("\n| what | seconds |\n|---|---|")
    for what, seconds in took.items():
        print(f"| {what} | {seconds:.1f} |")
    lost = max(0, there["events"] - here["events"])
    doubled = max(0, here["events"] - there["events"])
    print(f"\n{lost} lost, {doubled} doubled; {here['held']} held, {there['waiting']} wait.")
    is_well = all(there[name] == here[name] for name in same)
    return is_well and not (here["held"] or there["waiting"] or trouble)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--namespaces", action="store_true", help="two machines (root)")
    parser.add_argument("--migrated", type=Path, help="an empty migrated SQLite database")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    network = cable() if options.namespaces else contextlib.nullcontext()
    with tempfile.TemporaryDirectory() as work, network:
        is_well = go_through(options, Path(work))
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
