"""Whose account takes along what a screen has open."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.progress.models import LearnerRecord
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db

PASSWORD = "梧桐 树下 三点 半"


@pytest.mark.parametrize(("who", "takes_it"), [("teacher", False), ("stranger", True)])
def test_who_teaches_here_leaves_a_learners_record_on_the_village_computer(cast, who, takes_it):
    person = getattr(cast, who)
    person.set_password(PASSWORD)
    person.save()
    screen = Client()
    lesson = make_lessons(1)[0]
    screen.get(lesson.url)
    screen.get(lesson.url, {"answer": "0"})
    screen.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert screen.get("/").wsgi_request.user == person
    assert (LearnerRecord.objects.get().user == person) is takes_it
