"""Learners in the order of a dictionary, and those after whom somebody should ask."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus
from lms.attendance.queries import missed_in_a_row, roll_lines, unmarked_learners
from lms.attendance.services.closing import close_session
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import Door
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol_many, leave_class
from lms.people.models import Learner
from lms.people.names import initials_of, sort_key_of
from lms.people.services.learners import Newcomer, register_learners, update_learner
from tests.staff_pages import VILLAGE, session_of, words

pytestmark = pytest.mark.django_db

NAMES = ["何", "李", "刘", "吴", "杨", "曾国强", "张"]  # as a dictionary has them


def test_names_are_sorted_as_in_a_dictionary():
    assert sorted(NAMES, key=sort_key_of) == NAMES
    assert sorted(["陈伯", "程伯", "陈阿婆"], key=sort_key_of) == ["陈阿婆", "陈伯", "程伯"]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("陈春梅", "ccm"), ("区婉芳", "owf"), ("单田", "st"), ("阿依古丽 A.", "ayglaz"), ("", "")],
)
def test_initials_are_those_that_one_types(name, initials):
    assert initials_of(name) == initials


def test_every_name_makes_a_key_that_fits():
    for name in ("𠮷", "John Lee", "·" * 40, "庄" * 40, "嗯", "呣呣"):
        assert len(sort_key_of(name)) <= 96
        assert len(initials_of(name)) <= 40


@pytest.fixture
def villagers(units, cast):
    """Of those names, in the class since long ago; registered in another order."""
    backwards = [Newcomer(name, units[VILLAGE].pk) for name in reversed(NAMES)]
    learners = register_learners(backwards)
    enrol_many(learners, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    Enrolment.objects.update(joined_at=timezone.now() - timedelta(days=60))
    return learners


def test_page_phone_sheet_and_cards_are_in_that_order(villagers, cast, as_, running):
    session = session_of(cast.class_group, hours=0)
    assert [line.learner.name for line in roll_lines(session)] == NAMES
    assert [learner.name for learner in unmarked_learners(session)] == NAMES
    [held] = as_("teacher").get("/roll/api/sessions").json()
    assert [learner["name"] for learner in held["learners"]] == NAMES
    for page in (
        f"sessions/{session.pk}/sheet/", f"{cast.class_group.pk}/cards/", f"{cast.class_group.pk}/",
    ):  # fmt: skip
        text = words(as_("teacher").get(f"/classes/{page}"))
        places = [text.index(f" {name} ") for name in NAMES]
        assert places == sorted(places), page


def test_the_key_follows_a_name_that_is_put_right(villagers):
    learner = villagers[0]
    update_learner(learner, name="艾伯", birth_year=None, telephone="")
    learner.refresh_from_db()
    assert learner.initials == "ab"
    assert Learner.objects.filter(pk__in=[each.pk for each in villagers]).first() == learner


# --- 该问一问 ---------------------------------------------------------------------------------


def closed_roll(cast, day, absent=(), excused=()):
    session = session_of(cast.class_group, days=-day)
    statuses = {
        learner.number: AttendanceStatus.ABSENT
        if learner in absent
        else AttendanceStatus.EXCUSED
        if learner in excused
        else AttendanceStatus.PRESENT
        for learner in unmarked_learners(session)
    }
    mark_on_page(session, statuses=statuses, recorded_by=cast.teacher)
    close_session(session, closed_by=cast.teacher)


def test_who_was_absent_three_times_in_a_row_is_asked_about(villagers, cast, as_, running):
    away, excused, back, left = villagers[:4]
    closed_roll(cast, 9, absent=[away, back, left])
    closed_roll(cast, 6, absent=[away, back, left, excused])
    closed_roll(cast, 3, absent=[away, left], excused=[excused])
    assert {each.learner for each in missed_in_a_row([cast.class_group])} == {away, left}
    leave_class(Enrolment.objects.get(learner=left))
    [missed] = missed_in_a_row([cast.class_group])
    assert missed.learner == away
    page = words(as_("teacher").get("/classes/"))
    assert "该问一问" in page
    assert f"{away.name} 翠洲手机班，最近一次" in page


def test_two_absences_are_not_yet_asked_about(villagers, cast, as_, running):
    closed_roll(cast, 6, absent=villagers)
    closed_roll(cast, 3, absent=villagers)
    assert missed_in_a_row([cast.class_group]) == []
    assert "该问一问" not in words(as_("teacher").get("/classes/"))


# --- The directory ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "who"),
    [("曾", ["曾国强"]), ("zgq", ["曾国强"]), ("Z", ["曾国强", "张"]), ("国 强", ["曾国强"]),
     ("xyz", []), ("", NAMES)],
)  # fmt: skip
def test_a_learner_is_found_by_name_and_by_initials(villagers, as_, running, query, who):
    page = as_("street_officer").get("/classes/learners/", {"q": query, "unit": VILLAGE})
    names = [learner.name for learner in page.context["page"]]
    assert [name for name in names if name in NAMES] == who


def test_a_learner_is_found_by_number(villagers, as_, running):
    number = villagers[0].number
    page = as_("teacher").get("/classes/learners/", {"q": f"{number[:3]} {number[3:]}"})
    assert list(page.context["page"]) == [villagers[0]]


def test_nobody_finds_the_learners_of_another_street(villagers, as_, running):
    for who in ("other_teacher", "other_street_officer"):
        assert list(as_(who).get("/classes/learners/").context["page"]) == [], who
    url = f"/classes/learners/{villagers[0].number}/attendance/"
    assert as_("other_teacher").get(url).status_code == 404


def test_an_auditor_reads_the_directory_and_is_led_to_nothing_that_would_be_refused(
    villagers, as_, running
):
    client = as_("auditor")
    page = client.get("/classes/learners/", {"q": "曾"})
    assert "曾国强" in words(page)
    number = villagers[0].number
    for address in re.findall(r'href="(/classes/learners[^"]*)"', page.content.decode()):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address
    attendance = client.get(f"/classes/learners/{number}/attendance/")
    assert attendance.status_code == 200
    assert f'/classes/learners/{number}/"' not in attendance.content.decode()


def test_how_one_learner_came_is_told_over_time(villagers, cast, as_, running):
    learner = villagers[0]
    closed_roll(cast, 6, absent=[learner])
    closed_roll(cast, 3, excused=[learner])
    page = words(as_("teacher").get(f"/classes/learners/{learner.number}/attendance/"))
    assert page.index("请假") < page.index("没到")
