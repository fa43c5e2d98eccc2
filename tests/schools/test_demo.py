"""The class that newcomers try the roll with."""

import pytest

from lms.schools import demo
from lms.schools.demo import make_demo_class
from lms.schools.models import ClassSession, Learner
from lms.schools.models.people import is_learner_number

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def village_of_the_cast(monkeypatch, cast):
    monkeypatch.setattr(demo, "VILLAGE", cast.class_group.unit.code)


def test_the_demo_class_has_thirty_learners_and_sessions_and_is_made_once(cast):
    class_group = make_demo_class(cast.teacher)
    enrolled = class_group.enrolments.filter(state="enrolled")
    assert enrolled.count() == 30
    names = set(enrolled.values_list("learner__name", flat=True))
    assert len(names) == 30
    assert class_group.sessions.count() >= 20
    assert make_demo_class(cast.teacher) is None
    assert ClassSession.objects.filter(class_group__title=class_group.title).count() >= 20


def test_learner_numbers_are_all_different_and_their_check_digits_right(cast):
    make_demo_class(cast.teacher)
    numbers = list(Learner.objects.values_list("number", flat=True))
    assert len(set(numbers)) == len(numbers) == 33
    assert all(is_learner_number(number) for number in numbers)


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
