"""The sync endpoint, as a phone meets it."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from lms.attendance.models import AttendanceEvent
from lms.attendance.services.headcounts import record_headcount
from lms.classes.choices import ClassKind, Door
from lms.classes.models import ClassSession
from lms.classes.services.enrolments import enrol
from lms.people.services import register_learner

pytestmark = pytest.mark.django_db

DEVICE = uuid.UUID(int=7)
EVENTS = f"/roll/api/devices/{DEVICE}/events"


@pytest.fixture(autouse=True)
def fresh_throttle():
    cache.clear()


def session_in(group, **ahead):
    start = timezone.now() + timedelta(**ahead)
    return ClassSession.objects.create(
        class_group=group, planned_at=start, starts_at=start, ends_at=start + timedelta(hours=1)
    )


@pytest.fixture
def session(cast):
    for learner in cast.learners:
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    return session_in(cast.class_group, hours=-1)


def post(client, url, body):
    return client.post(url, json.dumps(body), content_type="application/json")


def event(session, cast, place=0, seq=1, status="present", **more):
    return {
        "seq": seq,
        "session": session.pk,
        "learner": cast.learners[place].number,
        "status": status,
        "at": timezone.now().isoformat(),
        **more,
    }


def batch(*events):
    return {"now": timezone.now().isoformat(), "events": list(events)}


def test_a_phone_holds_its_teachers_sessions_of_two_weeks_with_names_and_numbers_only(
    client, cast, session
):
    session_in(cast.class_group, days=13)
    session_in(cast.class_group, days=15)
    session_in(cast.other_class, days=1)
    client.force_login(cast.teacher)
    held = client.get("/roll/api/sessions").json()
    assert len(held) == 2
    assert {frozenset(learner) for item in held for learner in item["learners"]} == {
        frozenset({"number", "name", "status"})
    }
    assert [learner["status"] for learner in held[0]["learners"]] == [None, None, None]


def test_holding_many_sessions_costs_no_more_queries(
    client, cast, session, django_assert_num_queries
):
    client.force_login(cast.teacher)
    for day in range(1, 12):
        session_in(cast.class_group, days=day)
    with django_assert_num_queries(7):
        held = client.get("/roll/api/sessions").json()
    assert len(held) == 12


def test_what_two_people_said_is_told_with_their_names(client, cast, session):
    for person, status, device in (
        (cast.teacher, "present", 7),
        (cast.street_officer, "absent", 8),
    ):
        client.force_login(person)
        url = f"/roll/api/devices/{uuid.UUID(int=device)}/events"
        post(client, url, batch(event(session, cast, status=status)))
    client.force_login(cast.teacher)
    [held] = client.get("/roll/api/sessions").json()
    said = {learner["name"]: learner.get("said") for learner in held["learners"]}
    assert said == {
        "陈阿婆": [{"by": "teacher", "status": "present"}, {"by": "street", "status": "absent"}],
        "黄伯": None,
        "李婶": None,
    }


def test_a_lecture_holds_no_names(client, cast, session):
    cast.class_group.kind = ClassKind.LECTURE
    cast.class_group.save()
    client.force_login(cast.teacher)
    [held] = client.get("/roll/api/sessions").json()
    assert (held["counted"], held["learners"]) == (True, [])


def test_every_event_is_answered_in_order_and_in_words(client, cast, session, units):
    nobody = register_learner(name="何叔", unit=units["440103002001"])
    client.force_login(cast.teacher)
    events = [
        event(session, cast, seq=1),
        event(session, cast, seq=2, learner=nobody.number),
        {**event(session, cast, seq=3), "session": 999_999},
        event(session, cast, seq=1),
    ]
    answers = post(client, EVENTS, batch(*events)).json()
    assert [answer["outcome"] for answer in answers] == [
        "stored", "no_learner", "no_session", "known",
    ]  # fmt: skip
    assert answers[1]["words"] == "没有这位学员，或者学员不在这个班。"
    assert AttendanceEvent.objects.count() == 1


def test_a_class_of_thirty_goes_up_in_less_than_four_kilobytes(client, cast, session, units):
    learners = [register_learner(name=f"学员{n}", unit=units["440103001001"]) for n in range(30)]
    for learner in learners:
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    at = timezone.now().isoformat(timespec="seconds").replace("+00:00", "Z")
    body = {
        "now": at,
        "events": [
            {
                "seq": n,
                "session": session.pk,
                "learner": learner.number,
                "status": "present",
                "at": at,
            }
            for n, learner in enumerate(learners, start=1)
        ],
    }
    sent = json.dumps(body, separators=(",", ":"))
    assert len(sent.encode()) <= 4096
    client.force_login(cast.teacher)
    answers = client.post(EVENTS, sent, content_type="application/json").json()
    assert {answer["outcome"] for answer in answers} == {"stored"}


@pytest.mark.parametrize(
    "spoil",
    [
        {"status": "asleep"},
        {"seq": 0},
        {"at": "yesterday"},
        {"learner": "1234567890"},
        {"reason": "很" * 81},
    ],
)
def test_a_malformed_event_is_refused_whole_and_nothing_is_stored(client, cast, session, spoil):
    client.force_login(cast.teacher)
    answer = post(
        client,
        EVENTS,
        batch(event(session, cast, seq=1), event(session, cast, **{"seq": 2, **spoil})),
    )
    assert answer.status_code == 422
    assert not AttendanceEvent.objects.exists()


def test_a_batch_is_bounded(client, cast, session):
    client.force_login(cast.teacher)
    events = [event(session, cast, seq=n) for n in range(1, 502)]
    assert post(client, EVENTS, batch(*events)).status_code == 422


def test_a_device_that_sends_without_pause_is_slowed_down(client, cast, session):
    client.force_login(cast.teacher)
    codes = {post(client, EVENTS, batch()).status_code for _ in range(125)}
    assert codes == {200, 429}


def test_the_roll_is_closed_by_the_phone_once_everybody_is_marked(client, cast, session):
    client.force_login(cast.teacher)
    url = f"/roll/api/sessions/{session.pk}/close"
    answer = post(client, url, {})
    assert answer.status_code == 409
    assert "还有3人没有点" in answer.json()["words"]
    post(client, EVENTS, batch(*(event(session, cast, place, place + 1) for place in range(3))))
    assert post(client, url, {"headcount": 5}).json()["state"] == "closed"
    session.refresh_from_db()
    assert session.headcount == 5


def test_closing_without_a_count_keeps_the_one_that_was_noted(client, cast, session):
    record_headcount(session, headcount=41)
    client.force_login(cast.teacher)
    post(client, EVENTS, batch(*(event(session, cast, place, place + 1) for place in range(3))))
    assert post(client, f"/roll/api/sessions/{session.pk}/close", {}).json()["headcount"] == 41


@pytest.mark.parametrize(
    ("who", "sessions", "events", "close"),
    [
        (None, 401, 401, 401),
        ("stranger", 0, "no_session", 404),
        ("volunteer", 0, "no_session", 404),
        ("other_teacher", 0, "no_session", 404),
        ("street_officer", 0, "stored", 409),
        ("teacher", 1, "stored", 409),
    ],
)
def test_who_may_do_what(client, cast, session, who, sessions, events, close):
    if who:
        client.force_login(getattr(cast, who))
    held = client.get("/roll/api/sessions")
    taken = post(client, EVENTS, batch(event(session, cast)))
    closed = post(client, f"/roll/api/sessions/{session.pk}/close", {})
    assert (len(held.json()) if who else held.status_code) == sessions
    assert (taken.json()[0]["outcome"] if who else taken.status_code) == events
    assert closed.status_code == close


def test_a_page_of_another_site_cannot_send_in_the_teachers_name(cast, session):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.teacher)
    assert post(client, EVENTS, batch(event(session, cast))).status_code == 403
    assert not AttendanceEvent.objects.exists()
