"""Who is put into a class and taken out of it, on the class's page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.classes.choices import Door
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol
from lms.people.choices import Consent, DelegateScope
from lms.people.models import Learner
from lms.people.services.learners import appoint_delegate, register_learner
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrol_page(as_, cast):
    def post(door, sent, who="teacher"):
        url = f"/classes/{cast.class_group.pk}/enrol/{door}/"
        return as_(who).post(url, sent, follow=True)

    return post


def test_a_learner_is_enrolled_by_the_number_on_the_card_with_blanks_or_without(enrol_page, cast):
    number = cast.learners[0].number
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    page = enrol_page("number", {"number-number": spaced, "number-door": "telephone"})
    assert "陈阿婆" in words(page)
    enrolment = Enrolment.objects.get()
    assert (enrolment.door, enrolment.recorded_by) == (Door.TELEPHONE, cast.teacher)


def test_a_number_with_a_wrong_digit_is_refused_in_words(enrol_page, cast):
    number = cast.learners[0].number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    page = enrol_page("number", {"number-number": wrong, "number-door": "in_person"})
    assert "有一位打错了" in words(page)
    assert not Enrolment.objects.exists()


def test_a_neighbour_of_the_same_street_may_be_enrolled_and_one_of_another_not_by_a_teacher(
    enrol_page, units
):
    near = register_learner(name="近邻", unit=units["440103001002"])
    far = register_learner(name="远客", unit=units["440103002001"])
    enrol_page("number", {"number-number": near.number, "number-door": "in_person"})
    page = enrol_page("number", {"number-number": far.number, "number-door": "in_person"})
    assert "远客" not in words(page)
    assert "这里没有这个学员号" in words(page)
    assert list(Enrolment.objects.values_list("learner__name", flat=True)) == ["近邻"]
    enrol_page("number", {"number-number": far.number, "number-door": "in_person"}, "city_officer")
    assert Enrolment.objects.filter(learner=far).exists()


def test_a_new_learner_gets_a_number_and_a_place(enrol_page):
    page = enrol_page(
        "name", {"new-name": "赵 大爷", "new-birth_year": "1948", "new-door": "walk_in"}
    )
    learner = Learner.objects.get(name="赵大爷")
    assert learner.birth_year == 1948
    assert learner.number[:3] in words(page)
    assert Enrolment.objects.get().door == Door.WALK_IN


def test_somebody_of_the_same_name_and_year_is_shown_first_and_may_be_the_one(enrol_page, cast):
    sent = {"new-name": "陈阿婆", "new-birth_year": "1950", "new-door": "in_person"}
    page = enrol_page("name", sent)
    assert "就是这位" in words(page)
    assert "是另一位" in words(page)
    assert not Enrolment.objects.exists()
    enrol_page("name", {**sent, "who": cast.learners[0].number})
    assert Enrolment.objects.get().learner == cast.learners[0]
    assert Learner.objects.filter(name="陈阿婆").count() == 1


def test_somebody_of_the_same_name_may_be_another_person(enrol_page):
    sent = {"new-name": "陈阿婆", "new-birth_year": "1950", "new-door": "in_person"}
    enrol_page("name", {**sent, "who": "new"})
    assert Learner.objects.filter(name="陈阿婆").count() == 2


def test_another_year_of_birth_is_another_person_without_asking(enrol_page):
    enrol_page("name", {"new-name": "陈阿婆", "new-birth_year": "1939", "new-door": "in_person"})
    assert Learner.objects.filter(name="陈阿婆").count() == 2


@pytest.fixture
def delegates(cast, django_user_model):
    return [
        appoint_delegate(
            learner=cast.learners[0],
            person=django_user_model.objects.create_user(name, last_name=name),
            relation=name,
            scope=DelegateScope.ENROL,
            consent=Consent.SIGNED,
            recorded_by=cast.teacher,
            until_date=timezone.localdate() + timedelta(days=90),
        )
        for name in ("女儿", "侄子")
    ]


def test_whoever_enrols_for_a_learner_is_asked_for_and_named(enrol_page, cast, delegates):
    sent = {"number-number": cast.learners[0].number, "number-door": "delegate"}
    assert "是谁替陈阿婆报名" in words(enrol_page("number", sent))
    page = enrol_page("number", {**sent, "delegate": delegates[1].pk})
    assert Enrolment.objects.get().delegate == delegates[1]
    assert "亲友代办（侄子，侄子）" in words(page)


def test_without_an_authority_nobody_enrols_for_another(enrol_page, cast):
    sent = {"number-number": cast.learners[0].number, "number-door": "delegate"}
    assert "没有登记可以代报名的亲友" in words(enrol_page("number", sent))
    assert not Enrolment.objects.exists()


def test_who_leaves_makes_room_and_the_page_says_who_moved_up(as_, cast):
    group = cast.class_group
    group.capacity = 1
    group.save()
    first, _second, _third = (
        enrol(learner, group, door=Door.IN_PERSON, recorded_by=cast.teacher)
        for learner in cast.learners
    )
    page = as_("teacher").post(f"/classes/{group.pk}/leave/{first.pk}/", follow=True)
    assert "陈阿婆退出了这个班" in words(page)
    assert "黄伯从排队转为在班" in words(page)
    assert as_("teacher").post(f"/classes/{group.pk}/leave/{first.pk}/").status_code == 404
