"""Rolls are taken in two streets, one street moves to and fro, two workers count: all at once."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from lms.attendance.choices import COUNTS_AS_PRESENT, AttendanceStatus
from lms.attendance.models import AttendanceRecord
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import Door
from lms.classes.services.enrolments import enrol
from lms.statistics.models import DailyRollup
from lms.statistics.services.distinct_learners import count_learners
from lms.statistics.services.recount import recount
from lms.statistics.services.rollup import settle_sessions
from lms.units.models import Unit
from lms.units.services.tree import lock_tree, move_unit
from tests.staff_pages import session_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TIMES = 8


def test_nothing_is_lost_and_nobody_waits_in_a_circle(cast):
    def take_roll(class_group, teacher):
        for number, learner in enumerate(cast.learners):
            enrol(learner, class_group, door=Door.IN_PERSON, recorded_by=teacher)
            session = session_of(class_group, hours=-1, minutes=-number)
            settle_sessions([session.pk])
            for status in (
                AttendanceStatus.PRESENT,
                AttendanceStatus.ABSENT,
                AttendanceStatus.LATE,
            ):
                statuses = {each.number: status for each in cast.learners[: number + 1]}
                mark_on_page(session, statuses=statuses, recorded_by=teacher)

    def move_to_and_fro():
        for number in range(TIMES):
            with transaction.atomic():
                lock_tree()
                street = Unit.objects.get(code="440103001")
                parent = Unit.objects.get(code="440103" if number % 2 else "440104")
                move_unit(street, parent=parent, on=date(2026, 2, 1) + timedelta(days=number))

    def count():
        for _ in range(TIMES):
            count_learners()

    at_once(
        lambda: take_roll(cast.class_group, cast.teacher),
        lambda: take_roll(cast.other_class, cast.other_teacher),
        move_to_and_fro,
        count,
        count,
    )
    count_learners()
    came = AttendanceRecord.objects.filter(status__in=COUNTS_AS_PRESENT).count()
    of_city = DailyRollup.objects.filter(unit__code="4401")
    assert sum(of_city.values_list("attendances", flat=True)) == came == 12
    result = recount()
    assert result.drift == 0, result.details


def at_once(*jobs):
    """Runs each in a thread with a connection of its own; whatever one raises fails the test."""
    raised = []

    def run(job):
        try:
            job()
        except Exception as error:  # noqa: BLE001 - told below, in the thread that may fail
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
