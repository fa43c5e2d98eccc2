"""Classes: their sessions come of a pattern, their places go to those who enrol."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from lms.classes.choices import Door, EnrolmentState, SessionState, Weekday
from lms.classes.models import ClassSession, ClosingDay, WeeklyTime
from lms.classes.services.enrolments import enrol, leave_class
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import cancel_session, move_session, plan_sessions
from lms.people.choices import Consent, DelegateScope
from lms.people.services.learners import appoint_delegate, revoke_delegate
from tests.staff_pages import pretend_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast, monkeypatch):
    """A class on Tuesdays and Fridays from 1 September to 31 October 2026, planned on 1 March."""
    pretend_today(monkeypatch, date(2026, 3, 1))
    group = cast.class_group
    group.starts_on, group.ends_on = date(2026, 9, 1), date(2026, 10, 31)
    group.save()
    for weekday in (Weekday.TUESDAY, Weekday.FRIDAY):
        WeeklyTime.objects.create(
            class_group=group, weekday=weekday, starts_at=time(9), ends_at=time(10, 30)
        )
    return group


def days(group):
    return [timezone.localtime(session.starts_at).date() for session in group.sessions.all()]


def test_sessions_come_of_the_weekly_pattern_without_public_holidays(group):
    assert plan_sessions(group) == len(days(group))
    assert all(day.isoweekday() in (2, 5) for day in days(group))
    assert date(2026, 9, 1) in days(group)
    assert date(2026, 10, 2) not in days(group)  # National Day's week


def test_sessions_are_at_the_hour_that_the_clock_on_the_wall_shows(group):
    plan_sessions(group)
    first = group.sessions.first()
    assert timezone.localtime(first.starts_at).time() == time(9)
    assert timezone.localtime(first.ends_at).time() == time(10, 30)


def test_a_closing_day_of_the_unit_or_of_one_above_it_is_skipped(group, units):
    ClosingDay.objects.create(unit=units["440103"], day=date(2026, 9, 4), reason="台风停课")
    ClosingDay.objects.create(unit=units["440104"], day=date(2026, 9, 8), reason="装修")
    plan_sessions(group)
    assert date(2026, 9, 4) not in days(group)
    assert date(2026, 9, 8) in days(group)


def test_planning_again_leaves_moved_and_cancelled_sessions_as_they_are(group):
    made = plan_sessions(group)
    moved, cancelled = group.sessions.all()[:2]
    later = datetime(2026, 9, 2, 14, tzinfo=timezone.get_current_timezone())
    move_session(moved, starts_at=later, reason="场地有活动")
    cancel_session(cancelled, reason="老师生病")
    assert plan_sessions(group) == 0
    assert group.sessions.count() == made
    moved.refresh_from_db()
    assert moved.starts_at == later
    assert (moved.ends_at - moved.starts_at).seconds == 90 * 60


def test_moving_and_cancelling_want_a_reason(group):
    plan_sessions(group)
    session = group.sessions.first()
    with pytest.raises(ClassRefused, match="改期的原因"):
        move_session(session, starts_at=timezone.now(), reason=" ")
    with pytest.raises(ClassRefused, match="取消的原因"):
        cancel_session(session, reason="")
    assert not ClassSession.objects.filter(state=SessionState.CANCELLED).exists()


def put_in(learner, group, cast, **more):
    return enrol(learner, group, door=Door.IN_PERSON, recorded_by=cast.teacher, **more)


def test_who_comes_after_the_class_is_full_waits_and_moves_up(cast):
    cast.class_group.capacity = 1
    cast.class_group.save()
    first, second, third = (put_in(learner, cast.class_group, cast) for learner in cast.learners)
    assert [e.state for e in (first, second, third)] == ["enrolled", "waiting", "waiting"]
    assert leave_class(first) == second
    second.refresh_from_db()
    assert second.state == EnrolmentState.ENROLLED
    assert leave_class(third) is None


def test_enrolling_twice_changes_nothing_and_coming_back_is_possible(cast):
    learner = cast.learners[0]
    first = put_in(learner, cast.class_group, cast)
    assert put_in(learner, cast.class_group, cast) == first
    leave_class(first)
    again = put_in(learner, cast.class_group, cast)
    assert (again.state, again.left_at) == (EnrolmentState.ENROLLED, None)
    assert again.pk != first.pk  # the rolls of then know of the first


@pytest.fixture
def delegate(cast, django_user_model):
    return appoint_delegate(
        learner=cast.learners[0],
        person=django_user_model.objects.create_user("daughter"),
        relation="女儿",
        scope=DelegateScope.ENROL,
        consent=Consent.SIGNED,
        recorded_by=cast.teacher,
        until_date=timezone.localdate() + timedelta(days=90),
    )


def enrol_by(delegate, learner, group):
    return enrol(learner, group, door=Door.DELEGATE, recorded_by=delegate.person, delegate=delegate)


def test_an_enrolment_by_delegate_says_so(cast, delegate):
    enrolment = enrol_by(delegate, cast.learners[0], cast.class_group)
    assert (enrolment.door, enrolment.delegate) == (Door.DELEGATE, delegate)


@pytest.mark.parametrize("what", ["revoked", "ended", "for another learner", "for signing in"])
def test_a_delegate_that_does_not_cover_it_is_refused(cast, delegate, what):
    learner = cast.learners[0]
    if what == "revoked":
        revoke_delegate(delegate)
    elif what == "ended":
        delegate.from_date, delegate.until_date = date(2020, 1, 1), date(2020, 2, 1)
        delegate.save()
    elif what == "for signing in":
        delegate.scope = DelegateScope.SIGN_IN
        delegate.save()
    else:
        learner = cast.learners[1]
    with pytest.raises(ClassRefused, match="代办授权"):
        enrol_by(delegate, learner, cast.class_group)
    assert not cast.class_group.enrolments.exists()
