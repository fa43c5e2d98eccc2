"""The village that newcomers try the school with."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lms.attendance import demo
from lms.attendance.demo import STAFF, invented_name, make_demo_school
from lms.attendance.models import AttendanceEvent
from lms.classes.choices import Door, SessionState
from lms.classes.models import ClassGroup, ClassSession
from lms.people.models import Learner, RoleAssignment, is_learner_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(monkeypatch, cast, django_user_model):
    """That of the cast, with an account for each of the demo's staff."""
    monkeypatch.setattr(demo, "VILLAGE", cast.class_group.unit.code)
    for name, *_ in STAFF:
        django_user_model.objects.get_or_create(username=name)


@pytest.fixture
def school(village):
    return make_demo_school()


def test_it_has_two_classes_with_weeks_behind_them_a_queue_and_all_that_happens(school, cast):
    weekday_class, other = school
    for class_group in school:
        assert class_group.enrolments.filter(state="enrolled").count() >= 30
        closed = class_group.sessions.filter(state=SessionState.CLOSED)
        assert closed.count() >= 8
        assert closed.filter(starts_at__gte=timezone.now()).count() == 0
        assert class_group.sessions.filter(state=SessionState.CANCELLED).count() == 1
        assert class_group.sessions.exclude(reason="").filter(state="planned").count() == 1
        assert class_group.enrolments.filter(door=Door.WALK_IN).count() == 1
        assert (
            class_group.enrolments.filter(door=Door.DELEGATE, delegate__isnull=False).count() == 1
        )
    assert other.enrolments.filter(state="waiting").count() >= 2
    # Of today's session, where the clock has passed it, nothing is played.
    past = weekday_class.sessions.filter(starts_at__date__lt=timezone.localdate())
    open_roll = past.filter(state="planned").get()
    assert open_roll.attendance_records.filter(differs=True).count() == 2
    names = Learner.objects.filter(enrolments__class_group=weekday_class).values("name")
    assert names.distinct().count() == weekday_class.enrolments.count()
    assert RoleAssignment.objects.current().filter(person__username="auditor").exists()
    numbers = list(Learner.objects.values_list("number", flat=True))
    assert len(set(numbers)) == len(numbers) > 60
    assert all(is_learner_number(number) for number in numbers)
    before = everything()
    assert make_demo_school() == []
    assert everything() == before


def everything():
    models = (ClassGroup, ClassSession, Learner, AttendanceEvent, RoleAssignment)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def test_nothing_is_made_where_one_of_the_accounts_is_missing(village, django_user_model):
    django_user_model.objects.filter(username="auditor").delete()
    assert make_demo_school() == []
    assert ClassGroup.objects.count() == 2  # the cast's


@pytest.mark.parametrize("command", ["load_demo_class", "make_demo_accounts"])
def test_a_site_in_earnest_gets_no_demo(village, settings, command):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="只用于试用"):
        call_command(command)
    assert ClassGroup.objects.count() == 2


def test_the_invented_names_are_all_different():
    assert len({invented_name(number) for number in range(62)}) == 62


@pytest.mark.parametrize("place", range(9))
def test_a_single_wrong_digit_in_a_number_is_noticed(cast, place):
    number = cast.learners[0].number
    wrong = str((int(number[place]) + 3) % 10)
    assert not is_learner_number(number[:place] + wrong + number[place + 1 :])


def test_two_neighbouring_digits_swapped_are_noticed(cast):
    for learner in cast.learners:
        for place in range(8):
            first, second = learner.number[place : place + 2]
            if first != second:
                swapped = learner.number[:place] + second + first + learner.number[place + 2 :]
                assert not is_learner_number(swapped)
