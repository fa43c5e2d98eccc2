"""What home begins with: where one stopped, else one lesson and one warning of the day."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.choices import Subject
from courses.models import ClassroomPage, DrillPage, LessonPage
from courses.models.today import lesson_of, lesson_to_go_on_with, warning_of
from courses.progress.models import LearnerRecord, LessonMark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

MONDAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def made_anew(settings):
    """A kept page's context is nobody's; what is filled in, test_own_parts.py looks at."""
    settings.KEEPS_PAGES = False


def lesson(slug: str) -> LessonPage:
    return LessonPage.objects.get(slug=slug)


def learn(client, *lessons):
    for each in lessons:
        client.get(each.url)
        client.post(reverse("my:read", args=[each.pk]))
        client.get(each.url, {"answer": "0"})


def test_every_lesson_has_its_day_within_as_many_days_as_there_are(starter):
    number = LessonPage.objects.count()
    days = [MONDAY + timedelta(days=each) for each in range(number)]
    assert len({lesson_of(day, learnt=(), besides=None) for day in days}) == number


def test_a_learnt_lesson_is_passed_over_and_so_is_the_one_shown_beside_it(starter):
    first = lesson_of(MONDAY, learnt=(), besides=None)
    second = lesson_of(MONDAY, learnt={first.pk}, besides=None)
    assert second not in (None, first)
    assert lesson_of(MONDAY, learnt={first.pk}, besides=second) not in (None, first, second)


def test_who_has_learnt_all_is_shown_none(starter):
    everything = set(LessonPage.objects.values_list("pk", flat=True))
    assert lesson_of(MONDAY, learnt=everything, besides=None) is None


def test_warnings_go_round_the_anti_fraud_lessons_and_the_drill(starter):
    room = ClassroomPage.objects.get(subject=Subject.ANTI_FRAUD)
    pages = room.get_children().live()
    shown = {warning_of(MONDAY + timedelta(days=each)).pk for each in range(pages.count())}
    assert shown == set(pages.values_list("pk", flat=True))
    assert DrillPage.objects.get().pk in shown


def test_everybody_unknown_sees_the_same_lesson_and_warning_and_one_of_them_first(client):
    page = client.get("/")
    assert page.context["lesson_today"] == Client().get("/").context["lesson_today"]
    html = page.content.decode()
    assert html.count("data-first-focus") == 1
    assert html.index("今天学这一课") < html.index("今天防一招") < html.index('data-digit="1"')


def test_a_learner_goes_on_with_the_lesson_that_was_begun(client):
    begun = lesson("qr-inside")
    client.get(begun.url)
    client.get(begun.url, {"answer": "0"})
    home = client.get("/")
    assert home.context["go_on"] == begun
    assert "学了一半" in home.content.decode()
    assert "今天学这一课" not in home.content.decode()


def test_after_a_learnt_lesson_the_next_of_its_classroom_is_offered(client):
    first, second = LessonPage.objects.sibling_of(lesson("qr-inside"))[:2]
    learn(client, first)
    assert client.get("/").context["go_on"] == second


def test_who_has_learnt_a_whole_classroom_begins_with_today_again(client):
    room = LessonPage.objects.sibling_of(lesson("qr-inside"))
    learn(client, *room)
    record = LearnerRecord.objects.get()
    assert lesson_to_go_on_with(record, room.last().pk) is None
    home = client.get("/")
    assert home.context["lesson_today"] not in room
    assert home.context["lesson_today"] is not None


def test_a_learner_is_led_to_no_lesson_that_has_gone(client):
    first, second = LessonPage.objects.sibling_of(lesson("qr-inside"))[:2]
    learn(client, first)
    second.unpublish()
    assert client.get("/").context["go_on"] not in (first, second, None)
    assert LessonMark.objects.count() == 1
