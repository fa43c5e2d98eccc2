"""The roll: events add up to marks, whatever the network and the clocks do to them."""

import random
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.attendance.choices import AttendanceStatus, EventOutcome
from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.attendance.queries import unmarked_learners
from lms.attendance.services.closing import RollRefused, close_session
from lms.attendance.services.events import Incoming, event_id, record_events
from lms.classes.choices import Door, SessionState
from lms.classes.models import ClassSession
from lms.classes.services.enrolments import enrol
from lms.classes.services.sessions import cancel_session

pytestmark = pytest.mark.django_db

PHONE, OTHER_PHONE = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture
def session(cast):
    for learner in cast.learners:
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    now = timezone.now()
    return ClassSession.objects.create(
        class_group=cast.class_group,
        planned_at=now,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )


@pytest.fixture
def send(cast, session):
    """Sends (learner's place in the cast, status, minutes ago) as events of a phone."""

    def send(*marks, device=PHONE, by=None, first=1, clock_ahead=timedelta(0), reason=""):
        now = timezone.now()
        events = [
            Incoming(
                sequence=first + number,
                session=session.pk,
                learner=cast.learners[place].number,
                status=status,
                at=now + clock_ahead - timedelta(minutes=minutes),
                reason=reason,
            )
            for number, (place, status, minutes) in enumerate(marks)
        ]
        answers = record_events(
            events, device=device, device_now=now + clock_ahead, recorded_by=by or cast.teacher
        )
        return [answer.outcome for answer in answers]

    return send


def marks(session):
    return dict(session.attendance_records.values_list("learner__name", "status"))


def test_an_unmarked_learner_is_not_absent(session, send, cast):
    assert send((0, AttendanceStatus.PRESENT, 5)) == [EventOutcome.STORED]
    assert marks(session) == {"陈阿婆": "present"}
    assert unmarked_learners(session) == sorted(cast.learners[1:], key=lambda x: x.sort_key)


def test_sending_again_is_harmless(session, send):
    batch = [(0, AttendanceStatus.PRESENT, 5), (1, AttendanceStatus.ABSENT, 4)]
    assert send(*batch) == [EventOutcome.STORED] * 2
    assert send(*batch) == [EventOutcome.KNOWN] * 2
    assert AttendanceEvent.objects.count() == 2


def test_an_event_twice_in_one_batch_is_stored_once(session, cast):
    event = Incoming(1, session.pk, cast.learners[0].number, AttendanceStatus.LATE, timezone.now())
    answers = record_events(
        [event, event], device=PHONE, device_now=timezone.now(), recorded_by=cast.teacher
    )
    assert [answer.outcome for answer in answers] == [EventOutcome.STORED, EventOutcome.KNOWN]


def test_the_latest_by_the_devices_time_is_what_holds_in_whatever_order_it_arrives(session, send):
    send((0, AttendanceStatus.PRESENT, 1), first=2)
    send((0, AttendanceStatus.ABSENT, 9), first=1)
    assert marks(session) == {"陈阿婆": "present"}


def test_a_wrong_clock_is_put_right(session, send, cast):
    send((0, AttendanceStatus.PRESENT, 1), clock_ahead=timedelta(days=400))
    send((0, AttendanceStatus.EXCUSED, 0), device=OTHER_PHONE)
    assert marks(session) == {"陈阿婆": "excused"}
    event = AttendanceEvent.objects.get(device=PHONE)
    assert abs(event.marked_at - timezone.now()) < timedelta(minutes=2)
    assert event.device_time - event.marked_at > timedelta(days=399)


def test_two_people_marking_differently_are_both_kept_and_it_shows(session, send, cast):
    send((0, AttendanceStatus.PRESENT, 2))
    assert not AttendanceRecord.objects.get().differs
    send((0, AttendanceStatus.ABSENT, 1), device=OTHER_PHONE, by=cast.street_officer)
    assert AttendanceRecord.objects.get().differs
    assert AttendanceEvent.objects.count() == 2
    send((0, AttendanceStatus.ABSENT, 0), first=2)
    assert not AttendanceRecord.objects.get().differs


def test_the_roll_closes_only_when_nobody_is_unmarked(session, send, cast):
    send((0, AttendanceStatus.PRESENT, 3), (1, AttendanceStatus.PRESENT, 2))
    with pytest.raises(RollRefused, match="还有1人没有点：李婶"):
        close_session(session, closed_by=cast.teacher)
    send((2, AttendanceStatus.ABSENT, 1), first=9)
    close_session(session, closed_by=cast.teacher)
    session.refresh_from_db()
    assert (session.state, session.closed_by) == (SessionState.CLOSED, cast.teacher)
    with pytest.raises(RollRefused, match="已经点过名"):
        close_session(session, closed_by=cast.teacher)


@pytest.fixture
def closed(session, send, cast):
    send(*((place, AttendanceStatus.PRESENT, 20) for place in range(3)))
    close_session(session, closed_by=cast.teacher)
    past = timezone.now() - timedelta(minutes=10)
    ClassSession.objects.filter(pk=session.pk).update(closed_at=past)
    return session


def test_a_correction_after_closing_wants_a_reason_and_is_kept_beside_what_was(closed, send):
    assert send((0, AttendanceStatus.ABSENT, 0), first=50) == [EventOutcome.NEEDS_REASON]
    assert send((0, AttendanceStatus.ABSENT, 0), first=51, reason="认错了人") == [
        EventOutcome.STORED
    ]
    assert marks(closed)["陈阿婆"] == "absent"
    assert AttendanceEvent.objects.filter(learner__name="陈阿婆").count() == 2


def test_what_was_marked_before_closing_and_arrives_after_it_needs_no_reason(closed, send):
    assert send((0, AttendanceStatus.LATE, 15), device=OTHER_PHONE) == [EventOutcome.STORED]
    assert marks(closed)["陈阿婆"] == "late"


def test_a_cancelled_session_takes_no_marks(session, send):
    cancel_session(session, reason="台风")
    assert send((0, AttendanceStatus.PRESENT, 1)) == [EventOutcome.CANCELLED]
    assert not AttendanceRecord.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "volunteer", "other_teacher"])
def test_whoever_may_not_see_the_class_marks_nobody(session, send, cast, who):
    assert send((0, AttendanceStatus.PRESENT, 1), by=getattr(cast, who)) == [
        EventOutcome.NO_SESSION
    ]
    assert not AttendanceEvent.objects.exists()


@pytest.mark.parametrize("who", ["teacher", "street_officer", "city_officer"])
def test_the_teacher_and_officers_above_may_mark(session, send, cast, who):
    assert send((0, AttendanceStatus.PRESENT, 1), by=getattr(cast, who)) == [EventOutcome.STORED]


def test_somebody_who_is_not_in_the_class_is_not_marked(session, cast, units):
    from lms.people.services.learners import register_learner

    stranger = register_learner(name="何叔", unit=units["440103002001"])
    event = Incoming(1, session.pk, stranger.number, AttendanceStatus.PRESENT, timezone.now())
    [answer] = record_events(
        [event], device=PHONE, device_now=timezone.now(), recorded_by=cast.teacher
    )
    assert answer.outcome == EventOutcome.NO_LEARNER


@given(data=st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_cutting_doubling_and_shuffling_of_batches_ends_in_the_same_marks(data, session, cast):
    session.attendance_records.all().delete()
    AttendanceEvent.objects.all().delete()
    base = timezone.now()
    said = data.draw(
        st.lists(
            st.tuples(
                st.integers(0, 2), st.sampled_from(AttendanceStatus.values), st.integers(0, 3)
            ),
            min_size=1,
            max_size=12,
        )
    )
    events = [
        Incoming(
            number, session.pk, cast.learners[place].number, AttendanceStatus(status),
            base - timedelta(minutes=minutes),
        )
        for number, (place, status, minutes) in enumerate(said, start=1)
    ]  # fmt: skip
    batches = [events[i : i + 4] for i in range(0, len(events), 4)] * 2
    random.Random(data.draw(st.integers())).shuffle(batches)
    for batch in batches:
        record_events(batch, device=PHONE, device_now=base, recorded_by=cast.teacher)
    assert AttendanceEvent.objects.count() == len(events)
    latest = {}
    ordered = sorted(events, key=lambda e: (e.at, event_id(PHONE, e.sequence)))
    for event in ordered:
        latest[event.learner] = event.status
    assert dict(session.attendance_records.values_list("learner__number", "status")) == latest


def test_the_database_itself_refuses_a_second_event_of_the_same_number(session, send, cast):
    send((0, AttendanceStatus.PRESENT, 1))
    event = AttendanceEvent.objects.get()
    event.pk = uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)
