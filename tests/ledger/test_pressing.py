"""督办: pressed with a term, answered by who has to do it, or gone up to the level above."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.ledger.models import Measure, Pressing
from lms.ledger.queries import asked_of, escalated_to
from lms.ledger.services.pressing import answer_pressing, press_measure
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.services.rows import close_measure
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def pressed(measure, cast):
    until = timezone.localdate() + WEEK
    return press_measure(measure, words="请报进度", answer_by=until, by=cast.street_officer)


@pytest.fixture
def district_officer(cast, units, django_user_model):
    user = django_user_model.objects.create_user("district")
    RoleAssignment.objects.create(person=user, role=Role.OFFICER, unit=units["440103"])
    return user


def days_ago(pressing, days, *, term=7):
    """As if its term of so many days had ended then."""
    until = timezone.localdate() - timedelta(days=days)
    Pressing.objects.filter(pk=pressing.pk).update(
        pressed_on=until - timedelta(days=term), answer_by=until
    )


def test_who_has_to_do_it_answers(as_, measure, pressed, cast):
    assert asked_of(cast.teacher) == [pressed]
    client = as_("teacher")
    page = words(client.get(reverse("ledger:row", args=[measure.pk])))
    assert "请报进度" in page
    client.post(reverse("ledger:answer", args=[measure.pk]), {"answer": "下周办完"})
    pressed.refresh_from_db()
    assert (pressed.answer, pressed.answered_by) == ("下周办完", cast.teacher)
    assert asked_of(cast.teacher) == []
    assert measure.changes.filter(act="answered", now="下周办完").exists()


def test_who_asks_does_not_answer(pressed, measure, cast):
    with pytest.raises(LedgerRefused):
        answer_pressing(measure, answer="办了", by=cast.street_officer)


def test_a_row_is_pressed_once_at_a_time_and_not_when_it_is_done(measure, pressed, cast):
    until = timezone.localdate() + WEEK
    with pytest.raises(LedgerRefused):
        press_measure(measure, words="再报", answer_by=until, by=cast.city_officer)
    answer_pressing(measure, answer="办了", by=cast.teacher)
    close_measure(measure, by=cast.street_officer)
    with pytest.raises(LedgerRefused):
        press_measure(measure, words="再报", answer_by=until, by=cast.city_officer)


@pytest.mark.parametrize("days", [-1, 91])
def test_the_term_is_from_today_to_three_months(measure, cast, days):
    until = timezone.localdate() + timedelta(days=days)
    with pytest.raises(LedgerRefused):
        press_measure(measure, words="请报进度", answer_by=until, by=cast.street_officer)


@pytest.mark.parametrize(
    ("days", "district", "city"),
    [(0, False, False), (1, True, False), (7, True, False), (8, True, True), (99, True, True)],
)
def test_unanswered_it_goes_up_a_level_each_time_its_term_is_over(
    pressed, cast, district_officer, days, district, city
):
    days_ago(pressed, days)
    assert bool(escalated_to(district_officer)) is district
    assert bool(escalated_to(cast.city_officer)) is city
    assert escalated_to(cast.street_officer) == []
    assert escalated_to(cast.teacher) == []


def test_it_is_seen_there_until_it_is_answered_or_done(as_, measure, pressed, cast):
    days_ago(pressed, 8)
    client = as_("city_officer")
    assert "没有人答复，到了您这里" in words(client.get(reverse("ledger:list")))
    assert "件督办没有人答复，到了您这里" in words(client.get("/work/"))
    page = words(client.get(reverse("ledger:row", args=[measure.pk])))
    assert "过期没有答复，已经报到荔湾区、广州市。" in page
    answer_pressing(measure, answer="办了", by=cast.teacher)
    assert "没有人答复，到了您这里" not in words(client.get(reverse("ledger:list")))


def test_from_the_unit_that_leads_it_goes_up(pressed, measure, units, cast, district_officer):
    Measure.objects.update(unit=units["4401"], lead_unit=units["440103002"])
    days_ago(pressed, 1)
    assert len(escalated_to(district_officer)) == 1


def test_at_the_top_it_is_shown_at_the_top(pressed, measure, units, cast):
    Measure.objects.update(unit=units["4401"])
    days_ago(pressed, 3)
    assert len(escalated_to(cast.city_officer)) == 1


def test_the_form_says_what_is_wrong(as_, measure):
    client = as_("street_officer")
    url = reverse("ledger:press", args=[measure.pk])
    response = client.post(url, {"words": "请报", "answer_by": "2020-01-01"})
    assert response.status_code == 422
    assert "答复的日子要在今天到" in words(response)
    until = (timezone.localdate() + WEEK).isoformat()
    assert client.post(url, {"words": "请报", "answer_by": until}).status_code == 302
    assert "督办中" in words(client.get(reverse("ledger:list")))
