"""A lesson that is to appear on a day appears on that day, and goes on the day it is to go."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import LessonPage
from courses.page_cache import forget_pages
from courses.tasks import publish_scheduled

LESSON = "/science/qr-inside/"
DAY = timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]


@pytest.fixture
def lesson(settings):
    """Whole pages are kept, so that one that stays when it should go is seen."""
    settings.KEEPS_PAGES = True
    forget_pages()
    return LessonPage.objects.get(slug="qr-inside")


@pytest.fixture
def days_later(monkeypatch, django_capture_on_commit_callbacks):
    """The clock stands so many days later, and what is due is done."""
    now = timezone.now

    def go_on(days: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now() + days * DAY)
        with django_capture_on_commit_callbacks(execute=True):
            publish_scheduled()

    return go_on


def test_a_lesson_appears_on_its_day(lesson, days_later):
    lesson.unpublish()
    lesson.go_live_at = timezone.now() + 7 * DAY
    lesson.save_revision().publish()
    days_later(6)
    assert Client().get(LESSON).status_code == 404
    days_later(7.01)
    assert Client().get(LESSON).status_code == 200


def test_new_words_of_a_lesson_wait_for_their_day(lesson, days_later):
    old, lesson.title = lesson.title, "二维码里面有什么"
    lesson.go_live_at = timezone.now() + DAY
    lesson.save_revision().publish()
    days_later(0.9)
    assert old in Client().get(LESSON).content.decode()
    days_later(1.1)
    assert "二维码里面有什么" in Client().get(LESSON).content.decode()


def test_a_lesson_goes_on_its_day(lesson, days_later):
    lesson.expire_at = timezone.now() + 7 * DAY
    lesson.save_revision().publish()
    days_later(6)
    assert Client().get(LESSON).status_code == 200
    days_later(7.01)
    assert Client().get(LESSON).status_code == 404
