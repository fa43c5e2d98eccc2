"""What is due stands in 我的工作 of whoever has to see to it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.ledger.demo import make_demo_ledger
from lms.ledger.models import Measure, Pressing
from lms.ledger.services.pressing import press_measure
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "1 条台账过了期"), (0, "1 条台账七天内到期"), (7, "1 条台账七天内到期")]
)
@pytest.mark.parametrize("who", ["teacher", "street_officer", "city_officer"])
def test_what_is_due_stands_there(as_, measure, who, days, said):
    Measure.objects.update(due_on=timezone.localdate() + timedelta(days=days))
    page = as_(who).get("/work/")
    assert said in words(page)
    assert 'href="/ledger/' in page.content.decode()


@pytest.mark.parametrize("changes", [{"days": 8}, {"closed": True}])
def test_what_has_time_or_is_done_does_not(as_, measure, changes):
    due = timezone.localdate() + timedelta(days=changes.get("days", -1))
    Measure.objects.update(due_on=due, is_closed=changes.get("closed", False))
    assert "条台账" not in words(as_("street_officer").get("/work/"))


def test_nor_at_others(as_, measure):
    Measure.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    for who in ("other_street_officer", "other_teacher", "volunteer", "auditor"):
        assert "条台账" not in words(as_(who).get("/work/"))


def test_a_pressing_waits_for_its_answer(as_, measure, cast):
    press_measure(measure, words="请报", answer_by=timezone.localdate(), by=cast.street_officer)
    page = as_("teacher").get("/work/")
    assert "1 件督办等您答复" in words(page)
    found = words(as_("teacher").get("/ledger/?pressed=mine"))
    assert "四个进课堂" in found
    assert "件督办等您答复" not in words(as_("street_officer").get("/work/"))


def test_the_demo_shows_all_of_it(units, django_user_model):
    assert make_demo_ledger() == 0
    for name in ("city", "street", "teacher"):
        django_user_model.objects.create_user(name)
    assert make_demo_ledger() == 34
    assert make_demo_ledger() == 0
    assert Pressing.objects.past_term().count() == 1
    assert Measure.objects.in_standing("overdue").exists()
    assert Measure.objects.in_standing("soon").exists()
    assert Measure.objects.in_standing("closed").exists()
