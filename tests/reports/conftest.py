"""March 2026 in two streets, as teachers and the minute's count leave it behind."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from lms.schools.choices import ClassKind, Door, Status
from lms.schools.models import ClassSession
from lms.schools.services.classes import cancel_session, enrol
from lms.schools.services.counting import count_learners
from lms.schools.services.figures import settle_sessions
from lms.schools.services.roll import close_session
from lms.schools.services.roll_page import mark_on_page
from tests.schools.conftest import as_, cast, make_class, units

__all__ = ["as_", "cast", "units"]


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
        enrol(learner, cast.class_group, door=Door.DESK, recorded_by=cast.teacher)
    enrol(cast.learners[0], cast.other_class, door=Door.DESK, recorded_by=cast.other_teacher)
    lecture = make_class(units["440103001002"], "防骗讲座", cast.teacher, kind=ClassKind.LECTURE)
    march = SimpleNamespace(
        held=session_on(cast.class_group, 3, 3),
        cancelled=session_on(cast.class_group, 3, 10),
        left_open=session_on(cast.class_group, 3, 17),
        elsewhere=session_on(cast.other_class, 3, 5),
        lecture=session_on(lecture, 3, 20),
    )
    take_roll(march.held, cast.learners, cast.teacher, Status.PRESENT, Status.LATE, Status.ABSENT)
    take_roll(march.elsewhere, cast.learners, cast.other_teacher, Status.PRESENT)
    cancel_session(march.cancelled, reason="台风停课")
    close_session(march.lecture, closed_by=cast.teacher, headcount=1_040)
    count_learners()
    return march
