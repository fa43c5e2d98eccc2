"""Rolls are taken in two streets, one street moves to and fro, two workers count: all at once."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from lms.schools.choices import COUNTS_AS_PRESENT, Door, Status
from lms.schools.models import Mark, Unit, UnitDay
from lms.schools.services.classes import enrol
from lms.schools.services.counting import count_learners
from lms.schools.services.figures import settle_sessions
from lms.schools.services.recounting import recount
from lms.schools.services.roll_page import mark_on_page
from lms.schools.services.units import lock_tree, move_unit
from tests.schools.class_pages import session_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TIMES = 8


def test_nothing_is_lost_and_nobody_waits_in_a_circle(cast):
    def take_roll(class_group, teacher):
        for number, learner in enumerate(cast.learners):
            enrol(learner, class_group, door=Door.DESK, recorded_by=teacher)
            session = session_of(class_group, hours=-1, minutes=-number)
            settle_sessions([session.pk])
            for status in (Status.PRESENT, Status.ABSENT, Status.LATE):
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
    came = Mark.objects.filter(status__in=COUNTS_AS_PRESENT).count()
    of_city = UnitDay.objects.filter(unit__code="4401")
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
