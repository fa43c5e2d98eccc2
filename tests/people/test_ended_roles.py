"""A role opens a teacher's classes while it lasts, over its unit and all below; no day longer."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus, EventOutcome
from lms.attendance.services.events import Incoming, record_events
from lms.classes.models import ClassGroup, ClassSession
from lms.people.choices import Role
from lms.people.models import Learner, RoleAssignment, people_with_role_over
from lms.units.services.tree import move_unit

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 1, 1)
SEEN, GONE = True, False


def days_from_now(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def assignment(cast):
    return RoleAssignment.objects.get(person=cast.teacher)


def sees(user, group):
    """What each way in says, which must be one and the same."""
    answers = {
        ClassGroup.objects.visible_to(user).filter(pk=group.pk).exists(),
        ClassGroup.objects.changeable_by(user).filter(pk=group.pk).exists(),
        ClassSession.objects.visible_to(user).filter(class_group=group).exists(),
        ClassSession.objects.changeable_by(user).filter(class_group=group).exists(),
        Learner.objects.visible_to(user).filter(enrolments__class_group=group).exists(),
    }
    [answer] = answers
    return answer


@pytest.mark.parametrize(
    ("from_days", "until_days", "outcome"),
    [
        (-90, None, SEEN),
        (0, None, SEEN),
        (-90, 1, SEEN),  # today is the last day
        (-90, 0, GONE),  # ended yesterday: until_date is the first day on which it is over
        (1, None, GONE),  # begins tomorrow
    ],
)
def test_a_teacher_sees_and_keeps_the_class_on_the_days_of_the_appointment_only(
    as_, cast, begun, assignment, from_days, until_days, outcome
):
    assignment.from_date = days_from_now(from_days)
    assignment.until_date = None if until_days is None else days_from_now(until_days)
    assignment.save()
    client = as_("teacher")
    assert sees(cast.teacher, cast.class_group) is outcome
    found = 200 if outcome else 404
    assert client.get(f"/classes/{cast.class_group.pk}/").status_code == found
    assert client.get(f"/classes/sessions/{begun.pk}/").status_code == found
    assert client.get(f"/classes/qr/{cast.learners[0].number}.svg").status_code == found
    assert len(client.get("/roll/api/sessions").json()) == int(outcome)
    assert client.get("/roll/").status_code == (200 if outcome else 403)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("4401", SEEN),
        ("440103001", SEEN),
        ("440103001001", SEEN),
        ("440103001002", GONE),  # the village next door
        ("440103002", GONE),
    ],
)
def test_an_appointment_covers_its_unit_and_all_below_it(
    cast, begun, units, assignment, code, outcome
):
    assignment.unit = units[code]
    assignment.save()
    assert sees(cast.teacher, cast.class_group) is outcome
    over = people_with_role_over(units["440103001001"], Role.TEACHER)
    assert over.filter(pk=cast.teacher.pk).exists() is outcome


def test_a_village_that_moves_away_is_no_longer_the_street_teachers(cast, begun, units, assignment):
    assignment.unit = units["440103001"]
    assignment.save()
    move_unit(units["440103001001"], parent=units["440103002"], on=date(2026, 5, 1))
    assert sees(cast.teacher, cast.class_group) is GONE
    move_unit(units["440103001"], parent=units["440104"], on=date(2026, 5, 1))
    assignment.unit = units["440103001001"]
    assignment.save()
    assert sees(cast.teacher, cast.class_group) is SEEN


def test_another_role_over_the_unit_does_not_make_up_for_the_ended_one(cast, begun, assignment):
    RoleAssignment.objects.update_or_create(pk=assignment.pk, defaults={"role": Role.VOLUNTEER})
    assert sees(cast.teacher, cast.class_group) is GONE


def test_being_a_teacher_there_opens_no_class_of_a_colleague(cast, begun, units):
    RoleAssignment.objects.create(
        person=cast.other_teacher, role=Role.TEACHER, unit=units["440103001001"], from_date=BEGUN
    )
    assert sees(cast.other_teacher, cast.class_group) is GONE


def test_a_superuser_needs_no_appointment_and_holds_only_own_classes_on_the_phone(as_, cast, begun):
    client = as_("superuser")
    assert sees(cast.superuser, cast.class_group) is SEEN
    assert client.get("/roll/api/sessions").json() == []
    cast.class_group.teachers.add(cast.superuser)
    assert len(client.get("/roll/api/sessions").json()) == 1


def test_a_class_of_two_teachers_is_listed_once(cast, begun, units):
    RoleAssignment.objects.create(
        person=cast.teacher, role=Role.OFFICER, unit=units["440103"], from_date=BEGUN
    )
    cast.class_group.teachers.add(cast.other_teacher, cast.street_officer)
    assert ClassGroup.objects.visible_to(cast.teacher).filter(pk=cast.class_group.pk).count() == 1
    assert Learner.objects.visible_to(cast.teacher).count() == 3


def test_the_officer_reads_on_the_class_page_that_a_teachers_appointment_is_over(
    as_, cast, assignment
):
    url = f"/classes/{cast.class_group.pk}/"
    assert "任职已到期" not in as_("street_officer").get(url).content.decode()
    assignment.until_date = days_from_now(0)
    assignment.save()
    assert "任职已到期" in as_("street_officer").get(url).content.decode()


@pytest.mark.parametrize(
    ("ended", "marked", "outcome"),
    [
        (0, -1, EventOutcome.STORED),  # yesterday, while the role held, and sent today
        (0, 0, EventOutcome.NO_SESSION),
        (-2, -1, EventOutcome.NO_SESSION),  # after it had ended
        (0, -31, EventOutcome.NO_SESSION),  # longer ago than a phone may hold marks
    ],
)
def test_marks_of_the_roles_last_days_are_handed_over_after_it_has_ended(
    cast, begun, assignment, ended, marked, outcome
):
    assignment.until_date = days_from_now(ended)
    assignment.save()
    begun.starts_at -= timedelta(days=40)  # or its roll could not be taken yet
    begun.save()
    event = Incoming(
        sequence=1,
        session=begun.pk,
        learner=cast.learners[0].number,
        status=AttendanceStatus.PRESENT,
        at=timezone.now() + timedelta(days=marked),
    )
    [answer] = record_events(
        [event], device=uuid4(), device_now=timezone.now(), recorded_by=cast.teacher
    )
    assert answer.outcome == outcome
    assert begun.attendance_records.count() == (outcome == EventOutcome.STORED)
