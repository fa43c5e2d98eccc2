"""What no honest phone sends holds nobody up: each event has its own answer, and the rest is
stored. And sessions that a phone adds."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance.models import AttendanceEvent, Device
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.classes.sums import settle_sessions
from lms.statistics.services.recount import recount
from tests.staff_pages import marks

pytestmark = pytest.mark.django_db

DEVICE = uuid.UUID(int=7)
EVENTS = f"/roll/api/devices/{DEVICE}/events"


@pytest.fixture
def post(as_, begun, running):
    teacher = as_("teacher")

    def post(body, url=EVENTS):
        text = body if isinstance(body, str) else json.dumps(body)
        return teacher.post(url, text, content_type="application/json")

    return post


def mark(begun, cast, seq, place=0, **changes):
    return {
        "seq": seq,
        "session": begun.pk,
        "learner": cast.learners[place].number,
        "status": "present",
        "at": timezone.now().isoformat(),
        **changes,
    }


def now():
    return timezone.now().isoformat()


POISONS = {
    "no time zone": {"at": "2026-11-29T10:00:00"},
    "year 1": {"at": "0001-01-01T00:00:00+08:00"},
    "year 9999": {"at": "9999-12-31T23:59:59-12:00"},
    "no time": {"at": "soon"},
    "an endless number for a time": {"at": 2**70},
    "NUL": {"reason": "\0"},
    "half a character": {"reason": "\ud800"},
    "a huge session": {"session": 2**70},
    "a session below nothing": {"session": -(2**70)},
    "a huge seq": {"seq": 2**70},
    "a seq that is none": {"seq": "one"},
    "a status that is none": {"status": "asleep"},
    "a learner of letters": {"learner": "阿婆"},
    "a walk-in with NUL": {"learner": None, "name": "王\0婆"},
    "a huge walk-in": {"learner": f"+{10**12}"},
    "a session that is no uid": {"session": "x" * 36},
}


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
def test_a_poisoned_event_is_answered_and_the_rest_is_stored(post, begun, cast, poison):
    bad = {**mark(begun, cast, 2, 1), **poison}
    answer = post({"now": now(), "events": [mark(begun, cast, 1, 0), bad, mark(begun, cast, 3, 2)]})
    assert answer.status_code == 200
    first, second, third = answer.json()
    assert (first["outcome"], third["outcome"]) == ("stored", "stored")
    assert second["outcome"] == "malformed"
    assert "看不懂" in second["words"]
    assert second.get("seq") == (bad["seq"] if isinstance(bad["seq"], int) else None)
    assert marks(begun) == {"陈阿婆": "present", "李婶": "present"}


@pytest.mark.parametrize("event", [None, 7, "event", [], {}], ids=repr)
def test_what_is_no_event_at_all_is_answered_too(post, begun, cast, event):
    answer = post({"now": now(), "events": [event, mark(begun, cast, 1)]}).json()
    assert [each["outcome"] for each in answer] == ["malformed", "stored"]


@pytest.mark.parametrize(
    "clock",
    ["2026-11-29T10:00:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59Z", "", 2**70, None],
    ids=repr,
)
def test_a_clock_that_cannot_be_is_as_if_it_were_not_told(post, begun, cast, clock):
    answer = post({"now": clock, "events": [mark(begun, cast, 1)]})
    assert answer.status_code == 200
    assert [each["outcome"] for each in answer.json()] == ["stored"]
    assert Device.objects.get(pk=DEVICE).clock_offset == timedelta(0)


def test_a_session_that_nobody_knows_is_answered(post, begun, cast):
    answer = post(
        {"now": now(), "events": [mark(begun, cast, 1, session=2**63 - 1), mark(begun, cast, 2)]}
    ).json()
    assert [each["outcome"] for each in answer] == ["no_session", "stored"]


def test_a_clock_of_1970_is_a_clock(post, begun, cast):
    """A battery fell out: its hours are put on ours."""
    answer = post(
        {
            "now": "1970-01-01T08:10:00+08:00",
            "events": [mark(begun, cast, 1, at="1970-01-01T08:05:00+08:00")],
        }
    ).json()
    assert [each["outcome"] for each in answer] == ["stored"]
    age = timezone.now() - AttendanceEvent.objects.get().marked_at
    assert timedelta(minutes=4) < age < timedelta(minutes=6)


def test_a_close_of_a_huge_or_unknown_session_is_not_found(post, begun):
    for name in (2**70, -1, "x", uuid.uuid4(), begun.pk + 1):
        assert post("{}", f"/roll/api/sessions/{name}/close").status_code == 404, name


def test_who_is_not_signed_in_is_told_how_to(client):
    for path in ("me", "sessions", "classes"):
        answer = client.get(f"/roll/api/{path}")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Session realm="roll"')


def test_the_description_names_all_answers_and_no_page_of_another_host_shows_it(as_):
    teacher = as_("teacher")
    assert teacher.get("/roll/api/docs", follow=True).status_code == 404
    paths = teacher.get("/roll/api/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for operation in operations.values():
            assert {"200", "401", "403", "422", "429"} <= operation["responses"].keys(), path


# --- 今天临时加一次课 -------------------------------------------------------------------------


@pytest.fixture
def meeting(cast):
    """What a phone sends for a class that met without having been planned to."""

    def meeting(seq=1, uid=None, **changes):
        start = timezone.now() - timedelta(minutes=5)
        return {
            "seq": seq,
            "uid": str(uid or uuid.UUID(int=99)),
            "class": cast.class_group.pk,
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(minutes=90)).isoformat(),
            **changes,
        }

    return meeting


def test_a_phone_adds_a_session_with_its_marks_in_one_batch(post, begun, cast, meeting):
    settle_sessions([begun.pk])
    uid = uuid.uuid4()
    events = [
        meeting(1, uid),
        *(mark(begun, cast, 2 + n, n, session=str(uid)) for n in range(3)),
    ]
    answers = post({"now": now(), "events": events}).json()
    assert [each["outcome"] for each in answers] == ["stored"] * 4
    session = ClassSession.objects.get(uid=uid)
    assert answers[0]["session"] == session.pk
    assert (session.added_by, len(marks(session))) == (cast.teacher, 3)
    assert post("{}", f"/roll/api/sessions/{uid}/close").status_code == 200
    session.refresh_from_db()
    assert session.state == SessionState.CLOSED
    assert recount().drift == 0


def test_the_same_session_sent_twice_is_one(post, begun, cast, meeting):
    body = {"now": now(), "events": [meeting(), mark(begun, cast, 2, session=meeting()["uid"])]}
    first, second = post(body).json(), post(body).json()
    assert [each["outcome"] for each in first] == ["stored", "stored"]
    assert [each["outcome"] for each in second] == ["known", "known"]
    assert first[0]["session"] == second[0]["session"]
    assert cast.class_group.sessions.filter(added_by__isnull=False).count() == 1
    assert AttendanceEvent.objects.count() == 1


def test_a_second_phone_that_adds_the_same_meeting_marks_in_the_one_session(
    post, begun, cast, meeting, as_
):
    one, other = uuid.UUID(int=41), uuid.UUID(int=42)
    post({"now": now(), "events": [meeting(uid=one)]})
    events = [
        meeting(1, other),
        *(mark(begun, cast, 2 + n, n, session=str(other)) for n in range(3)),
    ]
    answers = post({"now": now(), "events": events}, f"/roll/api/devices/{other}/events").json()
    assert [each["outcome"] for each in answers] == ["stored"] * 4
    session = cast.class_group.sessions.get(added_by__isnull=False)
    assert answers[0]["session"] == session.pk
    assert len(marks(session)) == 3
    held = as_("teacher").get("/roll/api/sessions").json()
    assert [(each["uid"], each["also"]) for each in held if each["id"] == session.pk] == [
        (str(one), [str(other)])
    ]
    assert post("{}", f"/roll/api/sessions/{other}/close").status_code == 200
    session.refresh_from_db()
    assert session.state == SessionState.CLOSED


def test_a_wrong_clock_puts_the_session_on_the_right_day(post, cast, meeting):
    ahead = timedelta(days=3)
    start = timezone.now() + ahead
    event = meeting(starts_at=start.isoformat(), ends_at=(start + timedelta(hours=1)).isoformat())
    post({"now": (timezone.now() + ahead).isoformat(), "events": [event]})
    session = ClassSession.objects.get(uid=uuid.UUID(int=99))
    assert abs(session.starts_at - timezone.now()) < timedelta(minutes=1)


def test_a_class_of_another_and_hours_that_cannot_be_are_refused_in_words(post, cast, meeting):
    later = (timezone.now() + timedelta(days=400)).isoformat()
    events = [
        meeting(1, uuid.UUID(int=1), **{"class": cast.other_class.pk}),
        meeting(2, uuid.UUID(int=2), **{"class": 2**63 - 1}),
        meeting(3, uuid.UUID(int=3), ends_at=later),
        meeting(4, uuid.UUID(int=4), starts_at="2026-11-29T10:00:00"),
        meeting(5, uuid.UUID(int=5)),
    ]
    answers = post({"now": now(), "events": events}).json()
    assert [each["outcome"] for each in answers] == [
        "no_class", "no_class", "wrong_time", "malformed", "stored",
    ]  # fmt: skip
    assert all(each["words"] for each in answers)


def test_a_uid_that_is_another_classs_is_refused(post, cast, meeting, begun, units):
    taken = ClassSession.objects.create(
        class_group=cast.other_class,
        planned_at=begun.starts_at,
        starts_at=begun.starts_at,
        ends_at=begun.ends_at,
    )
    [answer] = post({"now": now(), "events": [meeting(uid=taken.uid)]}).json()
    assert answer["outcome"] == "wrong_time"
    taken.refresh_from_db()
    assert taken.class_group == cast.other_class


def test_a_phone_holds_the_classes_to_which_a_session_can_be_added(as_, begun, cast, running):
    [held] = as_("teacher").get("/roll/api/classes").json()
    assert (held["title"], held["minutes"]) == ("翠洲手机班", 90)
    assert [set(learner) for learner in held["learners"]] == [{"number", "name", "status"}] * 3
    assert as_("stranger").get("/roll/api/classes").json() == []
