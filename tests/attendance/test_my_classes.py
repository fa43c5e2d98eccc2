"""What a teacher's own page shows first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.classes.models import ClassSession
from tests.cast import make_class
from tests.staff_pages import VILLAGE, session_of, words

pytestmark = pytest.mark.django_db


def test_a_person_without_any_role_reads_one_plain_sentence(as_):
    assert "您还没有带班" in words(as_("stranger").get("/classes/"))
    assert "您还没有带班" in words(as_("volunteer").get("/classes/"))


def test_todays_sessions_come_first_and_lead_to_the_roll(as_, cast, begun, monkeypatch):
    ClassSession.objects.update(starts_at=timezone.now(), ends_at=timezone.now())
    page = as_("teacher").get("/classes/")
    html = page.content.decode()
    assert html.index("今天的课") < html.index("翠洲手机班")
    assert reverse("roll") in html[html.index("今天的课") :]
    assert "和平手机班" not in html


def test_a_roll_of_last_week_that_nobody_closed_is_listed(as_, cast, begun):
    session_of(cast.class_group, days=-7)
    assert "点名还没有结束的" in words(as_("teacher").get("/classes/"))


def test_my_classes_cost_no_more_queries_when_there_are_many(as_, cast, begun, units):
    def one_more():
        group = make_class(units[VILLAGE], "又一班", cast.teacher)
        session_of(group, days=-1)

    client = as_("teacher")
    one_more()
    with CaptureQueriesContext(connection) as few:
        client.get("/classes/")
    for _ in range(8):
        one_more()
    with CaptureQueriesContext(connection) as many:
        client.get("/classes/")
    assert len(many) == len(few)


def test_an_officer_finds_a_class_by_the_name_of_its_village(as_, cast):
    text = words(as_("city_officer").get("/classes/", {"q": "和平"}))
    assert "和平手机班" in text
    assert "翠洲手机班" not in text
