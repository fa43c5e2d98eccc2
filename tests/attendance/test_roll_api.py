"""The sync endpoint, as a phone meets it."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.closing import close_session
from lms.attendance.services.headcounts import record_headcount
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import ClassKind, Door
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol, leave_class
from lms.classes.services.sessions import add_session
from lms.people.services.learners import register_learner
from tests.cast import make_class
from tests.staff_pages import session_of

pytestmark = pytest.mark.django_db

DEVICE = uuid.UUID(int=7)
EVENTS = f"/roll/api/devices/{DEVICE}/events"


@pytest.fixture
def session(cast):
    for learner in cast.learners:
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    return session_of(cast.class_group, hours=-1)


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
    session_of(cast.class_group, days=13)
    session_of(cast.class_group, days=15)
    session_of(cast.other_class, days=1)
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
        session_of(cast.class_group, days=day)
    with django_assert_num_queries(11):  # two are the line in the log of looks
        held = client.get("/roll/api/sessions").json()
    assert len(held) == 12


def unfolded(held):
    """As the page does it (sync.js): every session and class with its names."""
    rolls = {each["id"]: each["roll"] for each in held["classes"]}

    def listed(roll, marks, said):
        for place in map(str, roll):
            number, name = held["people"][int(place)]
            learner = {"number": number, "name": name, "status": marks.get(place)}
            yield learner | ({"said": said[place]} if place in said else {})

    def with_names(one, roll):
        rest = {key: one[key] for key in one.keys() - {"class", "roll", "marks", "said"}}
        names = listed(roll, one.get("marks", {}), one.get("said", {}))
        return rest | {"learners": list(names)}

    return (
        [with_names(each, each.get("roll", rolls.get(each["class"]))) for each in held["sessions"]],
        [with_names(each, each["roll"]) for each in held["classes"]],
    )


def test_what_a_phone_holds_says_the_same_with_every_name_once(
    client, cast, session, running, django_assert_num_queries
):
    """One roll lists who has left since, one is closed, one is a lecture's, one was added twice."""
    for day in range(1, 12):
        session_of(cast.class_group, days=day)
    closed = session_of(cast.class_group, days=-1, hours=-1)
    lecture = make_class(cast.class_group.unit, "防骗讲座", cast.teacher, kind=ClassKind.LECTURE)
    session_of(lecture, days=1)
    Enrolment.objects.update(joined_at=timezone.now() - timedelta(days=30))
    left = register_learner(name="阿姐", unit=cast.class_group.unit)
    place = enrol(left, cast.class_group, door=Door.TELEPHONE, recorded_by=cast.teacher)
    Enrolment.objects.filter(pk=place.pk).update(joined_at=timezone.now() - timedelta(days=30))
    for person, status in (
        (cast.teacher, AttendanceStatus.PRESENT),
        (cast.street_officer, AttendanceStatus.ABSENT),
    ):
        for each in (session, closed):
            statuses = {learner.number: status for learner in cast.learners[:2]}
            mark_on_page(each, statuses=statuses, recorded_by=person)
    mark_on_page(closed, statuses={left.number: AttendanceStatus.LATE}, recorded_by=cast.teacher)
    mark_on_page(
        closed,
        statuses={cast.learners[2].number: AttendanceStatus.EXCUSED},
        recorded_by=cast.teacher,
    )
    close_session(closed, closed_by=cast.teacher)
    leave_class(place)
    again = {"uid": uuid.UUID(int=5), "added_by": cast.teacher}
    for minutes, uid in ((0, 4), (5, 5)):
        start = timezone.now() - timedelta(minutes=minutes)
        again |= {"uid": uuid.UUID(int=uid), "starts_at": start}
        add_session(cast.class_group, ends_at=start + timedelta(minutes=90), **again)
    client.force_login(cast.teacher)
    with django_assert_num_queries(13):  # two are the line in the log of looks
        held = client.get("/roll/api/held").json()
    sessions, classes = unfolded(held)
    assert sessions == client.get("/roll/api/sessions").json()
    assert classes == client.get("/roll/api/classes").json()
    assert len(held["people"]) == 4
    assert sum("roll" not in each for each in held["sessions"]) >= 11


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
def test_a_malformed_event_is_refused_and_the_other_is_stored(client, cast, session, spoil):
    client.force_login(cast.teacher)
    answer = post(
        client,
        EVENTS,
        batch(event(session, cast, seq=1), event(session, cast, **{"seq": 2, **spoil})),
    )
    assert [each["outcome"] for each in answer.json()] == ["stored", "malformed"]
    assert AttendanceEvent.objects.count() == 1


def test_a_batch_is_bounded(client, cast, session):
    client.force_login(cast.teacher)
    events = [event(session, cast, seq=n) for n in range(1, 502)]
    assert post(client, EVENTS, batch(*events)).status_code == 422


def test_who_sends_without_pause_is_slowed_down_whatever_the_device_calls_itself(
    client, cast, session, settings
):
    settings.RATE_LIMITS = {"roll": "3/m/user,5/m/ip"}

    def ask(person):
        client.force_login(person)
        url = f"/roll/api/devices/{uuid.uuid4()}/events"
        return [post(client, url, batch()).status_code for _ in range(4)]

    assert ask(cast.teacher) == [200, 200, 200, 429]
    assert ask(cast.other_teacher) == [200, 200, 429, 429]  # of one address


def test_a_batch_costs_as_many_queries_as_one_mark(
    client, cast, session, django_assert_num_queries
):
    client.force_login(cast.teacher)
    post(client, EVENTS, batch())  # the session notes that the teacher is here
    for first, marks in ((1, 1), (2, 3)):
        events = [event(session, cast, place, first + place) for place in range(marks)]
        with django_assert_num_queries(17):  # two are the savepoint
            answer = post(client, EVENTS, batch(*events))
        assert [each["outcome"] for each in answer.json()] == ["stored"] * marks


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


def test_no_page_of_the_interface_asks_another_host(client, cast):
    client.force_login(cast.teacher)
    assert client.get("/roll/api/openapi.json").status_code == 200
    assert client.get("/roll/api/docs", follow=True).status_code == 404
