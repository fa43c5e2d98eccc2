"""The thirty-four measures: brought in by a button, by number, with what is not known said."""

import pytest
from django.urls import reverse

from lms.ledger.models import Measure
from lms.ledger.starter import guangzhou_plan
from lms.units.models import Unit
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

STARTER = "/ledger/starter/"


def test_there_are_thirty_four_by_number_and_each_doubt_is_said():
    plan = guangzhou_plan()
    assert [each.number for each in plan.measures] == list(range(1, 35))
    assert len({each.clause for each in plan.measures}) == 34
    assert all(each.task and each.doubt for each in plan.measures)
    assert all("牵头单位" in each.doubt for each in plan.measures)
    assert "四个进课堂" in plan.measures[30].task
    assert plan.source.startswith("http")


def test_they_come_by_the_button_and_once(as_):
    client = as_("city_officer")
    page = client.get(reverse("ledger:list"))
    assert "带入三十四条" in words(page)
    assert Measure.objects.count() == 0
    assert "请照文件补" in words(client.get(STARTER))
    client.post(STARTER)
    assert Measure.objects.count() == 34
    assert "带入了0条" in words(client.post(STARTER, follow=True))
    assert Measure.objects.count() == 34
    assert "带入三十四条" not in words(client.get(reverse("ledger:list")))


def test_they_say_in_their_history_how_they_came(as_):
    as_("city_officer").post(STARTER)
    assert set(Measure.objects.values_list("changes__way", flat=True)) == {"starter"}


def test_another_city_has_to_say_that_it_wants_them(as_):
    Unit.objects.filter(code="4401").update(code="4403", name="别的市")
    client = as_("city_officer")
    page = words(client.get(STARTER))
    assert "这是广州市的方案，别的市的条款和分工不同" in page
    assert "请先在下面打钩" in words(client.post(STARTER, follow=True))
    assert Measure.objects.count() == 0
    client.post(STARTER, {"anyway": "1"})
    assert Measure.objects.count() == 34
