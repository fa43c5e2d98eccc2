"""March 2026 in two streets, as teachers and the minute's count leave it behind."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus
from lms.attendance.services.closing import close_session
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import ClassKind, Door
from lms.classes.models import ClassSession
from lms.classes.services.enrolments import enrol
from lms.classes.services.sessions import cancel_session
from lms.statistics.services.distinct_learners import count_learners
from lms.statistics.services.rollup import settle_sessions
from tests.cast import make_class


def session_on(group, month, day):
    start = timezone.make_aware(datetime.combine(date(2026, month, day), time(9, 30)))
    session = ClassSession.objects.create(
        class_group=group, planned_at=start, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    settle_sessions([session.pk])
    return session


def take_roll(session, learners, teacher, *statuses):
    mark_on_page(
        session,
        statuses={x.number: status for x, status in zip(learners, statuses, strict=False)},
        recorded_by=teacher,
    )
    close_session(session, closed_by=teacher)


@pytest.fixture
def march(cast, units):
    """翠洲: one class held, one cancelled, one whose roll is open. 和平, in the other street: one
    held, to which the first learner of 翠洲 comes too. 沙面: a lecture. 越秀区: nothing."""
    for learner in cast.learners:
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    enrol(cast.learners[0], cast.other_class, door=Door.IN_PERSON, recorded_by=cast.other_teacher)
    lecture = make_class(units["440103001002"], "防骗讲座", cast.teacher, kind=ClassKind.LECTURE)
    march = SimpleNamespace(
        held=session_on(cast.class_group, 3, 3),
        cancelled=session_on(cast.class_group, 3, 10),
        left_open=session_on(cast.class_group, 3, 17),
        elsewhere=session_on(cast.other_class, 3, 5),
        lecture=session_on(lecture, 3, 20),
    )
    take_roll(
        march.held,
        cast.learners,
        cast.teacher,
        AttendanceStatus.PRESENT,
        AttendanceStatus.LATE,
        AttendanceStatus.ABSENT,
    )
    take_roll(march.elsewhere, cast.learners, cast.other_teacher, AttendanceStatus.PRESENT)
    cancel_session(march.cancelled, reason="台风停课")
    close_session(march.lecture, closed_by=cast.teacher, headcount=1_040)
    count_learners()
    return march
