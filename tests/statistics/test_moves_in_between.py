"""A street moves in the very moment in which something else has asked where it stands."""

import threading
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection, transaction

from lms.attendance.choices import AttendanceStatus
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import Door
from lms.classes.services.enrolments import enrol
from lms.statistics.models import DistinctLearnerCount
from lms.statistics.services.distinct_learners import count_learners
from lms.statistics.services.recount import recount
from lms.units.models import Unit
from lms.units.services.tree import lock_tree, move_unit
from tests.staff_pages import marks, session_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

#: For a move that waits for us (on SQLite it always does), until we go on.
A_MOMENT_S = 1.0


@contextmanager
def moved_before(statement):
    """The street moves as soon as the first statement comes that has these words in it; if it must
    wait for us, then once we are done."""
    moving = threading.Thread(target=move_the_street)

    def watch(execute, sql, params, many, context):
        if statement in sql and not moving.ident:
            moving.start()
            moving.join(A_MOMENT_S)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    moving.join()
    assert Unit.objects.get(code="440103001").get_parent().code == "440104"


def move_the_street():
    with transaction.atomic():
        lock_tree()
        street, parent = (Unit.objects.get(code=code) for code in ("440103001", "440104"))
        move_unit(street, parent=parent, on=date(2026, 2, 1))
    connection.close()


@pytest.fixture
def session(cast):
    enrol(cast.learners[0], cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    return session_of(cast.class_group, hours=-1)


def test_a_teachers_mark_is_taken(cast, session):
    here = {cast.learners[0].number: AttendanceStatus.PRESENT}
    with moved_before("classes_classgroup_teachers"):
        mark_on_page(session, statuses=here, recorded_by=cast.teacher)
    assert list(marks(session).values()) == [AttendanceStatus.PRESENT]


def test_learners_are_counted_where_the_street_is(cast, session):
    mark_on_page(
        session,
        statuses={cast.learners[0].number: AttendanceStatus.PRESENT},
        recorded_by=cast.teacher,
    )
    with moved_before("statistics_distinctlearnercount"):
        count_learners()
    count_learners()
    counted = DistinctLearnerCount.objects.filter(learners=1).values_list("unit__code", flat=True)
    assert set(counted) == {"4401", "440104", "440103001", "440103001001"}
    result = recount()
    assert result.drift == 0, result.details
