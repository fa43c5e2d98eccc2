"""Cards, sheets, calendars and holidays: what leaves the site on paper or in a subscription."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from lms.attendance.services.reopening import reopen_session
from lms.classes.choices import Door
from lms.classes.holidays import is_class_day
from lms.classes.models import ClassSession
from lms.classes.services.enrolments import enrol
from lms.classes.services.sessions import cancel_session, move_session
from lms.classes.views.calendars import calendar_key, user_of_key
from lms.people.services.learners import register_learner


@pytest.fixture
def session(cast):
    for learner in cast.learners:
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    start = timezone.now().replace(microsecond=0) + timedelta(days=1)
    return ClassSession.objects.create(
        class_group=cast.class_group,
        planned_at=start,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
    )


@pytest.fixture
def teacher(client, cast):
    client.force_login(cast.teacher)
    return client


# --- Paper ------------------------------------------------------------------------------------


def test_cards_come_ten_to_a_page_with_numbers_in_groups_of_three(teacher, cast, session, units):
    for number in range(9):
        learner = register_learner(name=f"学员{number}", unit=units["440103001001"])
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    html = teacher.get(f"/classes/{cast.class_group.pk}/cards/").content.decode()
    assert html.count('<ul class="cards">') == 2
    assert html.count('<li class="card">') == 12
    number = cast.learners[0].number
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in html
    assert f'src="/classes/qr/{number}.svg"' in html


def test_one_lost_card_is_printed_alone(teacher, cast, session):
    url = f"/classes/{cast.class_group.pk}/cards/"
    page = teacher.get(url, {"learner": cast.learners[0].number}).content.decode()
    assert page.count('<li class="card">') == 1
    assert teacher.get(url, {"learner": "000000000"}).status_code == 404


def test_a_code_is_a_picture_that_our_policy_allows(teacher, cast, session):
    answer = teacher.get(f"/classes/qr/{cast.learners[0].number}.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    root = ET.fromstring(answer.content)
    assert root.tag.endswith("svg")
    assert "style" not in answer.content.decode()
    assert answer["Cache-Control"].count("no-store") == 1


def test_the_sheet_names_everybody_and_leaves_rows_for_who_comes_besides(teacher, cast, session):
    html = teacher.get(f"/classes/sessions/{session.pk}/sheet/").content.decode()
    assert all(learner.name in html for learner in cast.learners)
    assert html.count('<tr class="signing__row">') == 3 + 5
    assert f'src="/classes/sessions/{session.pk}/qr.svg"' in html


# --- Calendars --------------------------------------------------------------------------------


def events(answer):
    assert answer["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content).walk("VEVENT")


def my_calendar(client, user):
    return client.get("/classes/my.ics", {"key": calendar_key(user)})


def test_a_teachers_calendar_holds_the_own_sessions_in_chinas_time(client, cast, session):
    ClassSession.objects.create(
        class_group=cast.other_class,
        planned_at=session.starts_at,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )
    answer = my_calendar(client, cast.teacher)
    [event] = events(answer)
    assert event["SUMMARY"] == "翠洲手机班"
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event.start == session.starts_at
    assert event.start.utcoffset() == timedelta(hours=8)
    assert event.start.tzinfo in (ZoneInfo("Asia/Shanghai"), event.start.tzinfo)
    assert b"BEGIN:VTIMEZONE" in answer.content


def test_a_calendar_names_no_learner(client, cast, session):
    text = my_calendar(client, cast.teacher).content.decode()
    assert not [learner for learner in cast.learners if learner.name in text]
    assert not [learner for learner in cast.learners if learner.number in text]


def test_a_moved_session_keeps_its_uid_and_a_cancelled_one_says_so(client, cast, session):
    [before] = events(my_calendar(client, cast.teacher))
    later = session.starts_at + timedelta(days=1)
    move_session(session, starts_at=later, reason="活动室装修")
    [moved] = events(my_calendar(client, cast.teacher))
    assert (moved["UID"], moved.start, moved["STATUS"]) == (before["UID"], later, "CONFIRMED")
    assert moved["SUMMARY"] == "改期：翠洲手机班"
    assert moved["SEQUENCE"] > before["SEQUENCE"]
    cancel_session(session, reason="台风停课")
    [cancelled] = events(my_calendar(client, cast.teacher))
    assert (cancelled["UID"], cancelled["STATUS"]) == (before["UID"], "CANCELLED")
    assert cancelled["DESCRIPTION"] == "台风停课"


def test_its_sequence_grows_with_every_change_and_its_uid_needs_no_domain(client, cast, session):
    def told():
        key = calendar_key(cast.teacher)
        text = client.get("/classes/my.ics", {"key": key}).content.decode()
        assert "X-PUBLISHED-TTL:PT1H" in text
        [event] = Calendar.from_ical(text).walk("VEVENT")
        return int(str(event["sequence"])), str(event["uid"])

    planned = session.starts_at
    (first, uid), sequences = told(), []
    assert uid == f"urn:uuid:{session.uid}"
    for hours in (1, 2, 0):  # moved, moved again, moved back
        move_session(session, starts_at=planned + timedelta(hours=hours), reason="场地")
        sequences.append(told()[0])
    cancel_session(session, reason="下雨")
    sequences.append(told()[0])
    reopen_session(session, reason="不下了", recorded_by=cast.teacher)
    sequences.append(told()[0])
    assert sequences == [first + 1, first + 2, first + 3, first + 4, first + 5]
    assert told()[1] == uid


def test_a_classs_calendar_opens_with_a_key_or_a_sign_in(client, cast, session):
    url = f"/classes/{cast.class_group.pk}/calendar.ics"
    assert len(events(client.get(url, {"key": calendar_key(cast.street_officer)}))) == 1
    assert client.get(url, {"key": calendar_key(cast.other_teacher)}).status_code == 404
    client.force_login(cast.teacher)
    assert len(events(client.get(url))) == 1


def test_a_leaked_address_is_worthless_once_its_owner_asked_for_another(client, cast, session):
    leaked, of_another = calendar_key(cast.teacher), calendar_key(cast.street_officer)
    client.force_login(cast.teacher)
    for _again in range(2):
        assert client.post("/classes/calendar/reset/").status_code == 302
    assert user_of_key(leaked) is None
    assert user_of_key(of_another) == cast.street_officer
    new = calendar_key(cast.teacher)
    assert user_of_key(new) == cast.teacher
    assert new in client.get("/classes/").content.decode()


@pytest.mark.parametrize("key", ["", "1", "1.x", "x.y", "-1.a", "9" * 30 + ".a", "²."])
def test_a_key_that_is_not_ours_opens_nothing(client, cast, session, key):
    assert client.get("/classes/my.ics", {"key": key}).status_code == 404


def test_a_key_is_one_persons_and_ends_with_the_password_or_the_account(cast):
    key = calendar_key(cast.teacher)
    assert user_of_key(key) == cast.teacher
    signature = key.partition(".")[2]
    assert user_of_key(f"{cast.street_officer.pk}.{signature}") is None
    cast.teacher.set_password("another one 7")
    cast.teacher.save()
    assert user_of_key(key) is None
    key = calendar_key(cast.teacher)
    cast.teacher.is_active = False
    cast.teacher.save()
    assert user_of_key(key) is None


# --- Holidays ---------------------------------------------------------------------------------


def days_off(first, last):
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if not is_class_day(day)]


def test_no_class_meets_in_national_days_week_of_2026():
    found = days_off(date(2026, 9, 28), date(2026, 10, 11))
    assert found == [date(2026, 10, day) for day in range(1, 8)]


def test_no_class_meets_at_spring_festival_of_2026_its_weekends_included():
    found = days_off(date(2026, 2, 9), date(2026, 3, 1))
    assert found == [date(2026, 2, day) for day in range(15, 24)]


def test_a_weekend_and_a_make_up_working_day_are_days_like_any_other():
    saturday, made_up = date(2026, 3, 7), date(2026, 10, 10)
    assert is_class_day(saturday)
    assert is_class_day(made_up)


def test_a_calendars_address_outlives_a_new_secret_key_while_the_old_one_is_told(cast, settings):
    key = calendar_key(cast.teacher)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another one", [settings.SECRET_KEY]
    assert user_of_key(key) == cast.teacher
    settings.SECRET_KEY_FALLBACKS = []
    assert user_of_key(key) is None
