"""Walk-ins: registered on the spot, once each, whatever the network does, on phone and page."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.attendance.choices import AttendanceStatus, EventOutcome
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.closing import close_session
from lms.attendance.services.events import Incoming, WalkIn, record_events
from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol, leave_class
from lms.classes.services.sessions import cancel_session
from lms.people.models import Learner
from lms.people.services.learners import register_learner
from tests.staff_pages import marks, words

pytestmark = pytest.mark.django_db

PHONE, OTHER_PHONE = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture
def send(cast, begun):
    """Sends events of a phone; answers them."""

    def send(*events, device=PHONE, by=None):
        return record_events(
            events, device=device, device_now=timezone.now(), recorded_by=by or cast.teacher
        )

    return send


@pytest.fixture
def walk_in(begun):
    def walk_in(sequence=1, **who):
        return WalkIn(sequence, begun.pk, who.pop("at", timezone.now()), **who)

    return walk_in


@pytest.fixture
def mark(begun):
    def mark(sequence, learner, status=AttendanceStatus.ABSENT):
        return Incoming(sequence, begun.pk, learner, status, timezone.now())

    return mark


def outcomes(answers):
    return [answer.outcome for answer in answers]


def test_a_name_is_enough_for_a_number_a_place_and_a_mark(send, walk_in, begun, cast):
    [answer] = send(walk_in(name="王阿婆"))
    assert answer.outcome == EventOutcome.STORED
    learner = Learner.objects.get(name="王阿婆")
    assert (answer.learner, learner.unit) == (learner, cast.class_group.unit)
    enrolment = Enrolment.objects.get(learner=learner)
    assert (enrolment.state, enrolment.door, enrolment.recorded_by) == (
        EnrolmentState.ENROLLED, Door.WALK_IN, cast.teacher,
    )  # fmt: skip
    assert marks(begun) == {"王阿婆": "present"}


def test_a_card_of_the_same_street_is_taken_in_and_of_another_street_is_not(
    send, walk_in, begun, units
):
    neighbour = register_learner(name="何叔", unit=units["440103001002"])
    stranger = register_learner(name="林伯", unit=units["440103002001"])
    answers = send(
        walk_in(1, number=neighbour.number),
        walk_in(2, number=stranger.number),
        walk_in(3, number="000000000"),
    )
    assert outcomes(answers) == [
        EventOutcome.STORED,
        EventOutcome.NO_NUMBER,
        EventOutcome.NO_NUMBER,
    ]
    assert marks(begun) == {"何叔": "present"}


def test_who_is_in_the_class_already_is_marked_and_keeps_the_door_of_then(
    send, walk_in, begun, cast
):
    assert outcomes(send(walk_in(number=cast.learners[0].number))) == [EventOutcome.STORED]
    assert marks(begun) == {"陈阿婆": "present"}
    assert Enrolment.objects.get(learner=cast.learners[0]).door == Door.IN_PERSON


def test_a_full_class_keeps_no_walk_in_out_and_who_waits_is_in(send, walk_in, begun, cast, units):
    cast.class_group.capacity = 3
    cast.class_group.save()
    waiting = register_learner(name="何叔", unit=units["440103001001"])
    enrol(waiting, cast.class_group, door=Door.TELEPHONE, recorded_by=cast.teacher)
    answers = send(walk_in(1, name="王阿婆"), walk_in(2, number=waiting.number))
    assert outcomes(answers) == [EventOutcome.STORED, EventOutcome.STORED]
    enrolments = Enrolment.objects.filter(class_group=cast.class_group)
    assert enrolments.filter(state=EnrolmentState.ENROLLED).count() == 5
    assert enrolments.get(learner=waiting).door == Door.TELEPHONE


def test_who_has_left_the_class_comes_back_as_a_walk_in(send, walk_in, cast):
    enrolment = Enrolment.objects.get(learner=cast.learners[0])
    leave_class(enrolment)
    send(walk_in(number=cast.learners[0].number))
    again = Enrolment.objects.exclude(pk=enrolment.pk).get(learner=cast.learners[0])
    assert (again.state, again.door, again.left_at) == (
        EnrolmentState.ENROLLED, Door.WALK_IN, None,
    )  # fmt: skip


def test_the_same_name_is_asked_about_and_nothing_is_stored_meanwhile(send, walk_in, mark, cast):
    first = cast.learners[0]
    asked, waits = send(walk_in(1, name=first.name), mark(2, "+1"))
    assert (asked.outcome, list(asked.same)) == (EventOutcome.SAME_NAME, [first])
    assert waits.outcome == EventOutcome.WAIT
    assert not AttendanceEvent.objects.exists()
    another = send(walk_in(1, name=first.name, not_these=[first.number]), mark(2, "+1"))
    assert outcomes(another) == [EventOutcome.STORED, EventOutcome.STORED]
    assert another[0].learner.number != first.number
    assert Learner.objects.filter(name=first.name).count() == 2


def test_the_teacher_may_say_that_it_is_the_same_person(send, walk_in, begun, units):
    there = register_learner(name="王阿婆", unit=units["440103001001"])
    assert outcomes(send(walk_in(1, name="王阿婆"))) == [EventOutcome.SAME_NAME]
    assert outcomes(send(walk_in(1, name="王阿婆", number=there.number))) == [EventOutcome.STORED]
    assert Learner.objects.filter(name="王阿婆").count() == 1
    assert marks(begun) == {"王阿婆": "present"}


def test_sending_a_walk_in_again_tells_the_same_number(send, walk_in):
    [first] = send(walk_in(name="王阿婆"))
    again = send(walk_in(name="王阿婆"), walk_in(name="王阿婆"))
    assert outcomes(again) == [EventOutcome.KNOWN, EventOutcome.KNOWN]
    assert {answer.learner for answer in again} == {first.learner}
    assert Learner.objects.filter(name="王阿婆").count() == 1


def test_a_mark_finds_its_walk_in_before_with_and_after_it(send, walk_in, mark, begun):
    assert outcomes(send(mark(5, "+4"))) == [EventOutcome.WAIT]
    together = send(mark(6, "+4", AttendanceStatus.LATE), walk_in(4, name="王阿婆"))
    assert outcomes(together) == [EventOutcome.STORED, EventOutcome.STORED]
    assert (
        outcomes(send(mark(5, "+4"), mark(7, "+4", AttendanceStatus.LEFT_EARLY)))
        == [EventOutcome.STORED] * 2
    )
    assert marks(begun) == {"王阿婆": "left_early"}


def test_another_phones_walk_in_of_the_same_count_is_another_person(send, walk_in, mark, begun):
    send(walk_in(1, name="王阿婆"))
    assert outcomes(send(mark(2, "+1"), device=OTHER_PHONE)) == [EventOutcome.WAIT]
    assert marks(begun) == {"王阿婆": "present"}


def test_a_walk_in_that_is_refused_takes_its_marks_along(send, walk_in, mark, begun):
    cancel_session(begun, reason="台风")
    answers = send(walk_in(1, name="王阿婆"), mark(2, "+1"))
    assert outcomes(answers) == [EventOutcome.CANCELLED, EventOutcome.CANCELLED]
    assert not Learner.objects.filter(name="王阿婆").exists()


def test_after_closing_a_walk_in_wants_a_reason(send, walk_in, begun, cast):
    for place, learner in enumerate(cast.learners):
        send(
            Incoming(place + 1, begun.pk, learner.number, AttendanceStatus.PRESENT, timezone.now())
        )
    close_session(begun, closed_by=cast.teacher)
    later = timezone.now() + timedelta(minutes=5)
    assert outcomes(send(walk_in(9, name="王阿婆", at=later))) == [EventOutcome.NEEDS_REASON]
    assert outcomes(send(walk_in(9, name="王阿婆", at=later, reason="漏了"))) == [
        EventOutcome.STORED
    ]


@pytest.mark.parametrize("who", ["stranger", "volunteer", "other_teacher"])
def test_whoever_does_not_keep_the_class_takes_nobody_in(send, walk_in, cast, who):
    assert outcomes(send(walk_in(name="王阿婆"), by=getattr(cast, who))) == [
        EventOutcome.NO_SESSION
    ]
    assert not Learner.objects.filter(name="王阿婆").exists()


@given(data=st.data())
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.thorough(
    "a mark before, with and after its walk-in, and one sent again, are tried above"
)
def test_any_cutting_doubling_and_shuffling_makes_one_learner_of_a_walk_in(data, begun, cast):
    device = uuid.uuid4()
    names = [f"来客{device.hex[:6]}{number}" for number in range(3)]
    base = timezone.now()
    events: dict[int, WalkIn | Incoming] = {
        number: WalkIn(number, begun.pk, base, name=name) for number, name in enumerate(names, 1)
    }
    for sequence in range(4, 12):
        who = data.draw(st.integers(1, 3))
        at = base + timedelta(seconds=sequence)
        events[sequence] = Incoming(sequence, begun.pk, f"+{who}", AttendanceStatus.LATE, at)
    waiting = dict(events)
    while waiting:
        order = data.draw(st.permutations(sorted(waiting)))
        batch = [events[sequence] for sequence in order[: data.draw(st.integers(1, 12))]]
        if data.draw(st.booleans()):  # the reply is lost
            record_events(batch, device=device, device_now=base, recorded_by=cast.teacher)
        for answer in record_events(
            batch, device=device, device_now=base, recorded_by=cast.teacher
        ):
            if answer.outcome != EventOutcome.WAIT:
                assert answer.sequence is not None
                waiting.pop(answer.sequence, None)
    assert sorted(Learner.objects.filter(name__in=names).values_list("name", flat=True)) == names
    assert AttendanceEvent.objects.filter(device=device).count() == len(events)


# --- The phone's interface


def post(client, events):
    body = {"now": timezone.now().isoformat(), "events": events}
    url = f"/roll/api/devices/{PHONE}/events"
    return client.post(url, json.dumps(body), content_type="application/json")


@pytest.fixture
def sent(begun):
    at = timezone.now().isoformat()
    return lambda seq, **fields: {"seq": seq, "session": begun.pk, "at": at, **fields}


def test_the_answer_tells_the_phone_the_number_or_whom_to_ask_about(client, cast, sent):
    client.force_login(cast.teacher)
    first = cast.learners[0]
    answers = post(
        client,
        [sent(1, name=" 王 阿婆 "), sent(2, name=first.name), sent(3, learner="+1", status="late")],
    ).json()
    learner = Learner.objects.get(name="王阿婆")
    stored, asked, late = answers
    assert (stored["number"], stored["name"]) == (learner.number, "王阿婆")
    assert asked["same"] == [{"number": first.number, "birth_year": 1950}]
    assert late.keys() == {"seq", "outcome", "words"}  # no more than a mark needs


@pytest.mark.parametrize(
    "who", [{}, {"name": "  "}, {"name": "王" * 41}, {"number": "12345"}, {"learner": "+0"}]
)
def test_a_malformed_walk_in_is_refused(client, cast, sent, who):
    client.force_login(cast.teacher)
    [answer] = post(client, [sent(1, **who)]).json()
    assert answer["outcome"] == "malformed"
    assert not AttendanceEvent.objects.exists()


# --- The session's page


def sending(**fields):
    """As the form of the page names its boxes."""
    return {f"walk-in-{key}": value for key, value in fields.items()}


@pytest.fixture
def walk_in_on(as_, begun):
    def walk_in_on(sent, who="teacher"):
        return as_(who).post(f"/classes/sessions/{begun.pk}/walk-in/", sent, follow=True)

    return walk_in_on


def test_the_page_takes_in_by_name_and_by_number(walk_in_on, begun, units):
    neighbour = register_learner(name="何叔", unit=units["440103001002"])
    assert "登记了，点了到" in words(walk_in_on(sending(name="王阿婆")))
    assert "何叔" in words(walk_in_on(sending(number=neighbour.number)))
    assert marks(begun) == {"王阿婆": "present", "何叔": "present"}


def test_the_page_shows_who_has_the_same_name_first(walk_in_on, cast, begun):
    first = cast.learners[0]
    page = walk_in_on(sending(name=first.name))
    assert "已经登记过“陈阿婆”" in words(page)
    assert not AttendanceEvent.objects.exists()
    walk_in_on({**sending(name=first.name), "who": "new", "shown": [first.number]})
    assert Learner.objects.filter(name=first.name).count() == 2
    walk_in_on({**sending(name=first.name), "who": first.number, "shown": [first.number]})
    assert AttendanceEvent.objects.filter(learner=first).count() == 1


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (sending(), "没有卡的，写姓名就行"),
        (sending(number="123456780"), "不是学员号"),
        (sending(number="572000007"), "没有这个学员号，或者是别的街镇的学员"),
    ],
)
def test_the_page_says_what_is_wrong(walk_in_on, sent, complaint):
    page = walk_in_on(sent)
    assert page.status_code == 422
    assert complaint in words(page)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 200),  # the sign-in page
        ("stranger", 404),
        ("volunteer", 404),
        ("auditor", 404),
        ("other_teacher", 404),
        ("street_officer", 200),
        ("teacher", 200),
    ],
)
def test_who_may_take_in_on_the_page(walk_in_on, who, status):
    assert walk_in_on(sending(name="王阿婆"), who).status_code == status
    taken_in = Learner.objects.filter(name="王阿婆").exists()
    assert taken_in == (who in {"street_officer", "teacher"})
