"""A roll is of its day: who was in the class then, and nobody before it begins. What was said of a
session can be taken back, with a reason."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus, EventOutcome, SessionChangeKind
from lms.attendance.models import AttendanceEvent
from lms.attendance.queries import roll_lines, session_lines, unmarked_learners
from lms.attendance.services.closing import RollRefused, close_session
from lms.attendance.services.events import Incoming, WalkIn, record_events
from lms.attendance.services.page import mark_on_page
from lms.attendance.services.reopening import declare_not_held, reopen_session
from lms.classes.choices import ClassKind, Door, SessionState
from lms.classes.models import ClassSession, Enrolment
from lms.classes.services.enrolments import enrol, enrol_many, leave_class
from lms.people.services.learners import register_learner
from lms.statistics.models import SessionCounters
from lms.statistics.services.recount import recount
from tests.staff_pages import marks, session_of, words

pytestmark = pytest.mark.django_db
PHONE = uuid.UUID(int=1)


def joined(learners, group, cast, *, days):
    """They have been in the class since so many days ago."""
    enrol_many(learners, group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    since = timezone.now() - timedelta(days=days)
    there = Enrolment.objects.filter(class_group=group, learner__in=learners)
    there.update(joined_at=since, enrolled_at=since)


def everybody(session, cast, status=AttendanceStatus.PRESENT):
    statuses = {learner.number: status for learner in unmarked_learners(session)}
    mark_on_page(session, statuses=statuses, recorded_by=cast.teacher)


@pytest.fixture
def old_rolls(cast, units):
    """Thirty were in the class; of its sessions one is closed and one is not. Then thirteen more
    were let in: the closed one, the open one, and the thirteen."""
    village = units["440103001001"]
    thirty = [register_learner(name=f"老学员{n}", unit=village) for n in range(30)]
    joined(thirty, cast.class_group, cast, days=60)
    closed, still_open = (session_of(cast.class_group, days=-days) for days in (26, 2))
    everybody(closed, cast)
    close_session(closed, closed_by=cast.teacher)
    some = {learner.number: AttendanceStatus.PRESENT for learner in thirty[:26]}
    mark_on_page(still_open, statuses=some, recorded_by=cast.teacher)
    thirteen = [register_learner(name=f"新学员{n}", unit=village) for n in range(13)]
    enrol_many(thirteen, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    closed.refresh_from_db()
    return closed, still_open, thirteen


def test_who_joins_later_is_on_no_old_roll(old_rolls, cast, as_, running):
    closed, still_open, _thirteen = old_rolls
    assert len(roll_lines(closed)) == len(roll_lines(still_open)) == 30
    assert [line.unmarked for line in session_lines([closed, still_open])] == [None, 4]
    held = {each["id"]: each for each in as_("teacher").get("/roll/api/sessions").json()}
    assert len(held[still_open.pk]["learners"]) == 30
    page = as_("teacher").get(f"/classes/sessions/{closed.pk}/")
    assert "0 没点" in words(page)
    paper = as_("teacher").get(f"/classes/sessions/{still_open.pk}/sheet/")
    assert "老学员29" in words(paper)
    assert "新学员" not in words(paper)


def test_an_old_roll_is_closed_without_who_joined_later(old_rolls, cast, as_):
    """The rest did not come: of the thirty, and of nobody else."""
    _closed, still_open, _thirteen = old_rolls
    as_("teacher").post(f"/classes/sessions/{still_open.pk}/mark/", {"rest": "absent"})
    close_session(still_open, closed_by=cast.teacher)
    counters = SessionCounters.objects.get(session=still_open)
    assert (counters.attendances, counters.absences) == (26, 4)
    assert recount().drift == 0


def test_who_has_left_is_on_the_rolls_of_before_only(cast):
    learner = cast.learners[0]
    joined([learner], cast.class_group, cast, days=20)
    before, after = (session_of(cast.class_group, days=-days) for days in (9, 3))
    leave_class(Enrolment.objects.get())
    Enrolment.objects.update(left_at=timezone.now() - timedelta(days=5))
    assert [line.learner for line in roll_lines(before)] == [learner]
    assert roll_lines(after) == []


def test_who_comes_back_is_on_the_rolls_of_both_times(cast):
    learner = cast.learners[0]
    joined([learner], cast.class_group, cast, days=20)
    leave_class(Enrolment.objects.get())
    Enrolment.objects.update(left_at=timezone.now() - timedelta(days=10))
    enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    first, away, today = (session_of(cast.class_group, days=-days) for days in (15, 5, 0))
    assert [len(roll_lines(session)) for session in (first, away, today)] == [1, 0, 1]


def test_who_waited_is_on_the_roll_from_the_day_of_the_place(cast):
    cast.class_group.capacity = 1
    cast.class_group.save()
    first, second = cast.learners[:2]
    joined([first], cast.class_group, cast, days=20)
    waiting = enrol(second, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    Enrolment.objects.filter(pk=waiting.pk).update(enrolled_at=timezone.now() - timedelta(days=15))
    old, today = session_of(cast.class_group, days=-8), session_of(cast.class_group, hours=0)
    leave_class(Enrolment.objects.get(learner=first))
    assert [line.learner for line in roll_lines(old)] == [first]
    assert [line.learner for line in roll_lines(today)] == [second]


def test_a_walk_in_stays_listed_and_makes_no_roll_in_between_incomplete(cast, as_, running):
    joined(cast.learners, cast.class_group, cast, days=20)
    then, between = session_of(cast.class_group, days=-6), session_of(cast.class_group, days=-4)
    walk_in = WalkIn(1, then.pk, then.starts_at, name="王阿婆")
    record_events([walk_in], device=PHONE, device_now=timezone.now(), recorded_by=cast.teacher)
    assert "王阿婆" in {line.learner.name for line in roll_lines(then)}
    assert "王阿婆" not in {line.learner.name for line in roll_lines(between)}
    held = {each["id"]: each for each in as_("teacher").get("/roll/api/sessions").json()}
    assert "王阿婆" in {learner["name"] for learner in held[then.pk]["learners"]}


def test_a_sheet_that_is_keyed_in_later_may_name_who_joined_later(old_rolls, cast, as_):
    _closed, still_open, thirteen = old_rolls
    page = as_("teacher").get(f"/classes/sessions/{still_open.pk}/")
    assert "那天以后才进班的13人" in words(page)
    sent = {f"mark-{thirteen[0].number}": "present", "rest": "absent"}
    as_("teacher").post(f"/classes/sessions/{still_open.pk}/mark/", sent)
    assert len(roll_lines(still_open)) == 31
    assert marks(still_open)["新学员0"] == "present"


# --- Not before it begins ---------------------------------------------------------------------


@pytest.fixture
def ahead(cast):
    """A session in thirteen days, with three learners."""
    joined(cast.learners, cast.class_group, cast, days=20)
    return session_of(cast.class_group, days=13)


def test_a_session_that_has_not_begun_takes_no_marks_and_no_walk_in(ahead, cast):
    now = timezone.now()
    events: list[Incoming | WalkIn] = [
        Incoming(1, ahead.pk, cast.learners[0].number, AttendanceStatus.PRESENT, now),
        WalkIn(2, ahead.pk, now, name="王阿婆"),
    ]
    answers = record_events(events, device=PHONE, device_now=now, recorded_by=cast.teacher)
    assert [answer.outcome for answer in answers] == [EventOutcome.NOT_BEGUN] * 2
    assert AttendanceEvent.objects.count() == 0
    assert Enrolment.objects.count() == 3


def test_marks_made_in_advance_are_refused_when_they_arrive_later_too(cast):
    """A phone without network took the roll of a class two hours before it began."""
    joined(cast.learners, cast.class_group, cast, days=20)
    session = session_of(cast.class_group, hours=-1)
    numbers = [learner.number for learner in cast.learners]
    early, right = session.starts_at - timedelta(hours=2), session.starts_at
    events = [
        Incoming(1, session.pk, numbers[0], AttendanceStatus.PRESENT, early),
        Incoming(2, session.pk, numbers[1], AttendanceStatus.PRESENT, right),
    ]
    answers = record_events(
        events, device=PHONE, device_now=timezone.now(), recorded_by=cast.teacher
    )
    assert [each.outcome for each in answers] == [EventOutcome.NOT_BEGUN, EventOutcome.STORED]


def test_a_phone_is_told_so_of_each_event_and_of_the_end(ahead, cast, as_, running):
    now = timezone.now().isoformat()
    mark = {"seq": 1, "session": ahead.pk, "learner": cast.learners[0].number,
            "status": "present", "at": now}  # fmt: skip
    teacher = as_("teacher")
    [answer] = teacher.post(
        f"/roll/api/devices/{PHONE}/events",
        json.dumps({"now": now, "events": [mark]}),
        content_type="application/json",
    ).json()
    assert answer["outcome"] == "not_begun"
    assert "还没有开始" in answer["words"]
    answer = teacher.post(
        f"/roll/api/sessions/{ahead.pk}/close", "{}", content_type="application/json"
    )
    assert (answer.status_code, "还没有开始" in answer.json()["words"]) == (409, True)


def test_the_page_offers_nothing_to_press_and_takes_nothing(ahead, cast, as_):
    teacher = as_("teacher")
    url = f"/classes/sessions/{ahead.pk}/"
    page = teacher.get(url)
    assert "起可以点名" in words(page)
    assert 'name="rest"' not in page.content.decode()
    said = words(teacher.post(f"{url}mark/", {"rest": "present"}, follow=True))
    assert "还没有开始" in said
    assert "还没有开始" in words(teacher.post(f"{url}close/", follow=True))
    sent = {"headcount-headcount": "3"}
    assert "还没有开始" in words(teacher.post(f"{url}headcount/", sent, follow=True))
    teacher.post(f"{url}walk-in/", {"walk-in-name": "王阿婆"})
    ahead.refresh_from_db()
    assert (ahead.state, ahead.headcount, marks(ahead)) == (SessionState.PLANNED, None, {})


def test_from_half_an_hour_before_the_roll_may_be_taken(cast):
    joined(cast.learners, cast.class_group, cast, days=20)
    session = session_of(cast.class_group, minutes=29)
    everybody(session, cast)
    close_session(session, closed_by=cast.teacher)
    assert session_of(cast.class_group, minutes=31).takes_marks is False


# --- Taken back -------------------------------------------------------------------------------


@pytest.fixture
def closed(cast):
    """Three came, and the roll is closed."""
    joined(cast.learners, cast.class_group, cast, days=20)
    session = session_of(cast.class_group, hours=-3)
    everybody(session, cast)
    close_session(session, closed_by=cast.teacher)
    session.refresh_from_db()
    return session


def counted(session):
    counters = SessionCounters.objects.get(session=session)
    return counters.held, counters.cancelled, counters.attendances


def test_a_roll_that_was_closed_by_slip_is_opened_again_with_a_reason(closed, cast, as_):
    assert counted(closed) == (1, 0, 3)
    page = as_("teacher").post(
        f"/classes/sessions/{closed.pk}/reopen/", {"reopen-reason": "点错了"}, follow=True
    )
    assert "点错了" in words(page)
    closed.refresh_from_db()
    assert (closed.state, closed.closed_at) == (SessionState.PLANNED, None)
    assert counted(closed) == (0, 0, 3)
    trail = [(change.kind, change.recorded_by) for change in closed.changes.all()]
    assert trail == [
        (SessionChangeKind.REOPENED, cast.teacher),
        (SessionChangeKind.CLOSED, cast.teacher),
    ]
    everybody(closed, cast)  # and again without a reason
    close_session(closed, closed_by=cast.teacher)
    assert counted(closed) == (1, 0, 3)
    assert recount().drift == 0


def test_a_class_that_was_not_held_counts_nobody_and_can_be_restored(closed, cast):
    declare_not_held(closed, reason="其实下大雨", recorded_by=cast.teacher)
    assert counted(closed) == (0, 1, 0)
    assert len(marks(closed)) == 3
    reopen_session(closed, reason="有人来了", recorded_by=cast.teacher)
    assert counted(closed) == (0, 0, 3)
    close_session(closed, closed_by=cast.teacher)
    assert counted(closed) == (1, 0, 3)
    assert recount().drift == 0


def test_a_reason_is_asked_for(closed, cast, as_):
    answer = as_("teacher").post(
        f"/classes/sessions/{closed.pk}/not-held/", {"not-held-reason": ""}
    )
    assert answer.status_code == 422
    with pytest.raises(RollRefused, match="原因"):
        reopen_session(closed, reason=" ", recorded_by=cast.teacher)


def test_after_a_week_the_officer_above_does_it(closed, cast, as_):
    long_ago = timezone.now() - timedelta(days=8)
    ClassSession.objects.filter(pk=closed.pk).update(
        starts_at=long_ago, ends_at=long_ago + timedelta(hours=1), closed_at=long_ago
    )
    assert "重新打开" not in words(as_("teacher").get(f"/classes/sessions/{closed.pk}/"))
    with pytest.raises(RollRefused, match="上面的管理员"):
        reopen_session(closed, reason="点错了", recorded_by=cast.teacher)
    assert "重新打开" in words(as_("street_officer").get(f"/classes/sessions/{closed.pk}/"))
    reopen_session(closed, reason="点错了", recorded_by=cast.street_officer)
    closed.refresh_from_db()
    assert closed.is_planned


def test_nobody_else_opens_it(closed, as_):
    for who, status in (("auditor", 404), ("other_teacher", 404), ("volunteer", 404)):
        sent = {"reopen-reason": "点错了"}
        answer = as_(who).post(f"/classes/sessions/{closed.pk}/reopen/", sent)
        assert answer.status_code == status, who


def test_what_is_ahead_is_cancelled_and_not_said_to_have_fallen_out(ahead, cast):
    with pytest.raises(RollRefused, match="取消这次课"):
        declare_not_held(ahead, reason="下雨", recorded_by=cast.teacher)


def test_a_lecture_is_opened_again_too(cast):
    cast.class_group.kind = ClassKind.LECTURE
    cast.class_group.save()
    session = session_of(cast.class_group, hours=-3)
    close_session(session, closed_by=cast.teacher, headcount=40)
    reopen_session(session, reason="数错了", recorded_by=cast.teacher)
    close_session(session, closed_by=cast.teacher, headcount=44)
    assert SessionCounters.objects.get(session=session).headcount == 44
    assert recount().drift == 0
