"""A village without a line: a teacher's phone calls the roll on the box, and it comes home."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cable import Cable
from tests.journeys.conftest import Site
from tests.journeys.phone import PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.thorough(
        "two sites and a browser; tests/boxes/test_by_phone.py walks the same pages by a client"
    ),
]

CITY = """
import json
from datetime import date, timedelta
from django.utils import timezone
from lms.accounts.models import User
from lms.boxes.services.registering import make_box
from lms.classes.choices import Door
from lms.classes.models import ClassGroup, ClassSession, Enrolment
from lms.classes.services.enrolments import enrol_many
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.people.services.learners import Newcomer, register_learners
from lms.units.models import Unit
from lms.units.services.importing import import_units
from lms.units.unit_file import UnitFile

import_units(UnitFile({"4401": "广州市", "440103": "荔湾区", "440103001": "沙面街道",
                       "440103001001": "翠洲社区"}), on=date(2026, 1, 1))
village = Unit.objects.get(code="440103001001")
teacher = User.objects.create_user("teacher", password="teacher-of-the-village")
RoleAssignment.objects.create(
    person=teacher, role=Role.TEACHER, unit=village, from_date=date(2026, 1, 1))
now = timezone.now().replace(microsecond=0)
group = ClassGroup.objects.create(unit=village, title="手机班",
    starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))
group.teachers.add(teacher)
names = ("陈阿婆", "黄伯", "李婶")
people = register_learners([Newcomer(name, village.pk, 1950) for name in names])
enrol_many(people, group, door=Door.IN_PERSON, recorded_by=teacher)
Enrolment.objects.update(joined_at=now - timedelta(days=80))
for days in (1, 2):
    start = now - timedelta(days=days)
    ClassSession.objects.create(class_group=group, planned_at=start, starts_at=start,
        ends_at=start + timedelta(hours=1))
print(json.dumps(make_box(name="翠洲的盒子", unit=village, made_by=teacher)[1]))
"""
HELLO = """
from lms.boxes.services.registering import say_hello
say_hello(code={code!r}, city_address={city!r})
"""
SPEAK = """
import json
from lms.boxes.line import LineCut, speak_with_city
try:
    print(json.dumps(speak_with_city().batches))
except LineCut as why:
    print(json.dumps(str(why)))
"""
MARKS = """
SELECT learner.name, record.status FROM attendance_attendancerecord record
JOIN people_learner learner ON learner.id = record.learner_id
JOIN classes_classsession held ON held.id = record.session_id ORDER BY held.starts_at, learner.name
"""
EVENTS = "SELECT count(*), count(DISTINCT id) FROM attendance_attendanceevent"


def run(site: Site, code: str):
    said = site.manage("shell", "-v0", "-c", code).strip()
    return json.loads(said.splitlines()[-1]) if said else None


def speak(box: Site) -> None:
    """Until all is said: a city that does other things beside answers later than a box waits."""
    box.wait_until(lambda: isinstance(run(box, SPEAK), int), "the box has spoken with its city")


@pytest.fixture
def city(tmp_path):
    site = Site(tmp_path / "city", ALLOWED_HOSTS="*")
    site.migrate()
    yield site
    site.stop()


@pytest.fixture
def line(city):
    cable = Cable(urlsplit(city.url).port, cuts=[], on_cut=lambda: None)
    yield cable
    cable.close()


@pytest.fixture
def box(tmp_path, city, line):
    """Registered by its line, with all that the city has decided."""
    code = run(city, CITY)
    city.go_on()
    site = Site(tmp_path / "box", BOX="1", ALLOWED_HOSTS="*")
    site.migrate()
    run(site, HELLO.format(code=code, city=line.url))
    speak(site)
    site.go_on()
    yield site
    site.stop()


@pytest.fixture
def phone(browser, box) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def mark(phone: Page, box: Site, session: int, marks: dict[str, str]) -> None:
    """Taps a button for each learner, then 保存."""
    phone.goto(f"{box.url}/classes/sessions/{session}/")
    if phone.locator("[name=password]").count():
        phone.fill("[name=login]", "teacher")
        phone.fill("[name=password]", "teacher-of-the-village")
        phone.locator("form:has([name=password]) [type=submit]").first.tap()
        expect(phone.locator(".roll__line").first).to_be_visible(timeout=60_000)
    for name, status in marks.items():
        line = phone.locator(".roll__line", has_text=name)
        line.locator(f".choice__input[value={status}]").tap()
    phone.locator(".keep .button--main").tap()
    expect(phone.locator("body")).to_contain_text(f"记下了{len(marks)}个人")


def test_it_comes_by_line_and_by_stick_once_each(city, line, box, phone, tmp_path):
    newest_first = "SELECT id FROM classes_classsession ORDER BY starts_at DESC"
    yesterday, before = [pk for (pk,) in box.rows(newest_first)]

    line.break_off()
    mark(phone, box, yesterday, {"陈阿婆": "present", "黄伯": "late", "李婶": "absent"})
    assert isinstance(run(box, SPEAK), str), "why it did not go"
    assert city.rows(MARKS) == []
    line.mend()
    speak(box)
    assert city.rows(MARKS) == box.rows(MARKS) != []

    line.break_off()
    mark(phone, box, before, {"陈阿婆": "present", "黄伯": "present"})
    stick = tmp_path / "stick"
    stick.mkdir()
    box.manage("box_out", str(stick))
    for _time in range(2):
        city.manage("box_in", str(stick))
    assert city.rows(MARKS) == box.rows(MARKS)
    assert city.rows(EVENTS) == box.rows(EVENTS) == [(5, 5)]
    box.manage("box_in", str(stick))
    assert box.value("SELECT count(*) FROM boxes_bornbatch WHERE taken_at IS NULL") == 0
