"""A school for the roll's journeys, a network that fails in every way, and a phone's queue."""

import asyncio
import contextlib
import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.journeys.put_back import make_or_put_back

SCHOOL = """
import json
from datetime import date, timedelta
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from lms.classes.choices import Door
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.services.enrolments import enrol
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.people.services.learners import register_learner
from lms.units.models import Unit
from lms.units.services.importing import import_units
from lms.units.unit_file import UnitFile

call_command("flush", interactive=False, verbosity=0)
import_units(UnitFile({{"4401": "广州市", "440103": "荔湾区", "440103001": "沙面街道",
                       "440103001001": "翠洲社区"}}), on=date(2026, 1, 1))
village = Unit.objects.get(code="440103001001")
family, given = "陈黄李何梁张林罗麦区", ("阿妹", "婉芳", "志强", "建国", "丽珍", "伟明")
teachers = []
for name in ("teacher", "colleague"):
    user = get_user_model().objects.create_user(name, last_name="何", first_name=name)
    RoleAssignment.objects.create(person=user, role=Role.TEACHER, unit=village,
                               from_date=date(2026, 1, 1))
    client = Client()
    client.force_login(user)
    teachers.append((user, client.cookies[settings.SESSION_COOKIE_NAME].value))
school = {{"cookies": [key for user, key in teachers], "sessions": []}}
for number in range({classes}):
    group = ClassGroup.objects.create(
        unit=village, title=f"手机{{'一二三四五六七八九十'[number % 10]}}班", place="老人活动室",
        starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))
    group.teachers.add(*[user for user, key in teachers])
    names = [family[n % 10] + given[n // 5 % 6] for n in range({learners})]
    learners = [register_learner(name=name, unit=village, birth_year=1950) for name in names]
    for learner in learners:
        enrol(learner, group, door=Door.IN_PERSON, recorded_by=teachers[0][0])
    for days in {days}:
        start = timezone.now() + timedelta(days=days, minutes=number) - timedelta(hours={hours_ago})
        held = ClassSession.objects.create(class_group=group, planned_at=start, starts_at=start,
                                           ends_at=start + timedelta(hours=1))
        school["sessions"].append(
            {{"id": held.pk, "title": group.title, "days": days,
              "learners": [learner.number for learner in learners]}})
print(json.dumps(school))
"""


def make_school(
    site: Any,
    *,
    classes: int,
    learners: int = 30,
    days: tuple[int, ...] = (0,),
    hours_ago: float = 0,
) -> dict[str, Any]:
    """Instead of all that the site holds: two teachers with classes in common, signed in, and
    sessions on these days from today, which began so many hours ago."""
    script = SCHOOL.format(classes=classes, learners=learners, days=days, hours_ago=hours_ago)
    name = f"school-{classes}-{learners}-{'-'.join(map(str, days))}-{hours_ago}"
    said = make_or_put_back(site, name, lambda: site.manage("shell", "-c", script))
    return json.loads(said.splitlines()[-1])


# --- The network

#: What may happen to a request, and how often in a thousand.
FAULTS = {
    "drop before": 60,  # the server never sees it
    "drop after": 60,  # the server has committed; the reply is lost
    "half a reply": 40,
    "twice": 80,  # the network repeats it
    "late": 80,  # the phone gives up; the request arrives after later ones
    "500 before": 30,
    "500 after": 30,
}


class FaultyProxy:
    """Passes HTTP requests on to a site, one a connection, and does FAULTS to them."""

    def __init__(self, port: int, seed: int) -> None:
        self.target = port
        self.random = random.Random(seed)
        self.happened: Counter[str] = Counter()
        self.loop = asyncio.new_event_loop()
        self.background: set[asyncio.Task[None]] = set()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> "FaultyProxy":
        self.thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.server = asyncio.run_coroutine_threadsafe(starting, self.loop).result()
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._settle(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def _settle(self) -> None:
        """Let what is late arrive: it must do no harm even now."""
        self.server.close()
        await asyncio.gather(*self.background)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await read_message(reader)
            for piece in await self._answer(request):
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def _answer(self, request: bytes) -> list[bytes]:
        fault = self._choose()
        self.happened[fault] += 1
        if fault == "drop before":
            return []
        if fault == "500 before":
            return [BROKEN]
        if fault == "late":
            task = asyncio.create_task(self._deliver_late(request))
            self.background.add(task)
            return []
        if fault == "twice":
            first, _second = await asyncio.gather(self._pass(request), self._pass(request))
            return [first]
        reply = await self._pass(request)
        if fault == "drop after":
            return []
        if fault == "500 after":
            return [BROKEN]
        return [reply[: len(reply) // 2]] if fault == "half a reply" else [reply]

    def _choose(self) -> str:
        lot = self.random.randrange(1000)
        for fault, share in FAULTS.items():
            if lot < share:
                return fault
            lot -= share
        return "none"

    async def _deliver_late(self, request: bytes) -> None:
        await asyncio.sleep(self.random.uniform(0.2, 3))
        await self._pass(request)

    async def _pass(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        writer.write(request)
        reply = await reader.read()
        writer.close()
        return reply


BROKEN = b"HTTP/1.1 500 Broken\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops"


async def read_message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().splitlines()
        if line.startswith(b"content-length")
    )
    return head + await reader.readexactly(length)


# --- The phone

BATCH = 100
GIVE_UP_SECONDS = 120  # a site that answers nothing fails the test, and does not hang it
STATUSES = ("present", "late", "left_early", "excused", "absent")


@dataclass
class Phone:
    """The queue of lms/static/attendance/sync.js: an event waits for the server's answer."""

    cookie: str
    clock: timedelta  # how far its clock is off
    device: uuid.UUID = field(default_factory=uuid.uuid4)
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    def mark(self, session: int, learner: str, status: str, at: datetime) -> None:
        """`learner` is a number, or what `take_in` said."""
        self._add(session, at, learner=learner, status=status)

    def take_in(self, session: int, name: str, at: datetime) -> str:
        """A walk-in; returns what to call it."""
        return f"+{self._add(session, at, name=name)}"

    def _add(self, session: int, at: datetime, **what: str) -> int:
        seq = len(self.waiting) + 1
        shown = (at + self.clock).isoformat(timespec="milliseconds")
        self.waiting[seq] = {"seq": seq, "session": session, "at": shown, **what}
        return seq

    def send_all(self, port: int, chance: random.Random) -> None:
        """Until nothing waits. Batches differ in size, as a teacher's taps do; one in five is not
        of the oldest events, so that marks come before their walk-in."""
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while self.waiting and time.monotonic() < deadline:
            most = chance.choice((BATCH, BATCH, BATCH, 34, 1))
            first = chance.randrange(len(self.waiting)) if chance.random() < 0.2 else 0
            events = list(self.waiting.values())[first : first + most]
            try:
                status, answers = self._post(port, events)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(chance.uniform(0, 0.05))
                continue
            if status == 429:
                time.sleep(2)
            elif status == 200:
                for answer in answers:
                    self.outcomes[answer["outcome"]] += 1
                    self._settle(answer)
            else:
                assert status == 500, (status, answers)

    def _settle(self, answer: dict[str, Any]) -> None:
        if answer["outcome"] == "same_name":  # the teacher: "it is this one"
            event = self.waiting[answer["seq"]]
            event["number"] = answer["same"][0]["number"]
        elif answer["outcome"] != "wait":
            del self.waiting[answer["seq"]]

    def _post(self, port: int, events: list[dict[str, Any]]) -> tuple[int, Any]:
        self.requests += 1
        now = datetime.now().astimezone() + self.clock
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        token = "0" * 32
        connection.request(
            "POST",
            f"/roll/api/devices/{self.device}/events",
            json.dumps({"now": now.isoformat(), "events": events}, separators=(",", ":")),
            {
                "Content-Type": "application/json",
                "Cookie": f"sessionid={self.cookie}; csrftoken={token}",
                "X-CSRFToken": token,
                "Connection": "close",
            },
        )
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply.status, json.loads(body) if reply.status == 200 else body


#: Seconds between two marks of one phone; the other phone's stand halfway. The server learns how
#: wrong a clock is from when a request comes, so marks nearer than one takes on its way may swap.
APART = 20


@dataclass
class Result:
    events: int
    seconds: float
    requests: int
    faults: Counter[str]
    outcomes: Counter[str]
    unacknowledged: int
    stored: int
    lost: int
    doubled: int
    wrong_marks: int
    walk_ins: int
    people_lost: int
    people_doubled: int


def play(site: Any, school: dict[str, Any], *, pairs: int, events_each: int, seed: int) -> Result:
    """Two phones, of two teachers, mark each class at the same time, and each takes in a person in
    fifty events, every fourth of whom comes to both; all send through the faulty network at once.
    Then the database is compared with what the phones were told to send."""
    chance = random.Random(seed)
    started = datetime.now().astimezone() - timedelta(seconds=APART * events_each)
    phones: list[Phone] = []
    last: dict[tuple[int, str], str] = {}
    called: list[dict[str, str]] = []  # of each phone: how its walk-ins are called, by name
    for pair in range(pairs):
        held = school["sessions"][pair % len(school["sessions"])]
        two = [
            Phone(
                cookie, timedelta(seconds=chance.choice((0, 0, 1, -7200, 86400 * 3, -86400 * 400)))
            )
            for cookie in school["cookies"]
        ]
        came: list[dict[str, str]] = [{}, {}]
        for number in range(events_each):
            for place, phone in enumerate(two):
                at = started + timedelta(
                    seconds=APART * number + APART // 2 * place, milliseconds=pair
                )
                if number % 50 == 25:
                    both = number % 200 == 25
                    who = f"来客{pair}-{number}" if both else f"来客{pair}-{number}-{place}"
                    came[place][who] = phone.take_in(held["id"], who, at)
                    last[held["id"], who] = "present"
                    continue
                who = chance.choice([*held["learners"], *came[place]])
                status = chance.choice(STATUSES)
                phone.mark(held["id"], came[place].get(who, who), status, at)
                last[held["id"], who] = status
        phones += two
        called += came

    before = time.monotonic()
    with (
        FaultyProxy(int(site.url.rpartition(":")[2]), seed) as proxy,
        ThreadPoolExecutor(8) as villages,  # so many have network at a time
    ):

        def send(number: int) -> None:
            phones[number].send_all(proxy.port, random.Random(seed + number))

        list(villages.map(send, range(len(phones))))
    seconds = time.monotonic() - before

    made = {(phone.device.hex, seq) for phone in phones for seq in range(1, events_each + 1)}
    rows = site.rows("SELECT device_id, sequence FROM attendance_attendanceevent")
    found = Counter((str(device).replace("-", ""), sequence) for device, sequence in rows)
    marks: dict[tuple[int, str], str] = {}
    for session, number, name, status in site.rows(
        "SELECT session_id, number, name, status FROM attendance_attendancerecord"
        " JOIN people_learner ON people_learner.id = learner_id"
    ):
        marks[session, number] = marks[session, name] = status
    names = {name for came in called for name in came}
    people = Counter(name for [name] in site.rows("SELECT name FROM people_learner"))
    return Result(
        events=len(made),
        seconds=seconds,
        requests=sum(phone.requests for phone in phones),
        faults=proxy.happened,
        outcomes=sum((phone.outcomes for phone in phones), Counter()),
        unacknowledged=sum(len(phone.waiting) for phone in phones),
        stored=len(rows),
        lost=len(made - found.keys()),
        doubled=sum(times - 1 for times in found.values()),
        wrong_marks=sum(marks.get(pair) != status for pair, status in last.items()),
        walk_ins=sum(len(came) for came in called),
        people_lost=sum(people[name] == 0 for name in names),
        people_doubled=sum(max(people[name] - 1, 0) for name in names),
    )
