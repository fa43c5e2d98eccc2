"""What happens in lessons is counted for those who mend them, and nothing about who."""

from datetime import date

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from wagtail.models import Page

from courses.choices import Tallied
from courses.models import LessonPage, PracticePage
from courses.progress import tallies
from courses.progress.models import LearnerRecord, LessonTally
from courses.progress.tallies import add, forget_old_tallies, months_ago

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

LESSON = "/smart-tech/scan-to-pay/"


@pytest.fixture
def lesson():
    return LessonPage.objects.get(slug="scan-to-pay")


@pytest.fixture
def learner():
    """A browser with the cookie of its first lesson."""
    browser = Client()
    browser.get(LESSON)
    return browser


def counts() -> dict[tuple[str, str, str], int]:
    rows = LessonTally.objects.values_list("kind", "place", "chosen", "times")
    return {(kind, place, chosen): times for kind, place, chosen, times in rows}


def test_a_count_has_no_field_in_which_a_person_could_be():
    fields = {field.name: field for field in LessonTally._meta.get_fields()}
    assert set(fields) == {"id", "lesson", "day", "kind", "place", "chosen", "times"}
    assert [each.name for each in fields.values() if each.is_relation] == ["lesson"]
    assert fields["lesson"].related_model is Page
    assert fields["day"].get_internal_type() == "DateField"  # no hour


def test_answers_are_counted_by_their_words(learner, lesson):
    quiz = lesson.quizzes[0].value
    right = int(quiz["answer"])
    wrong = (right + 1) % 3
    for answer in (wrong, wrong, right):  # the second is the same page loaded anew
        learner.get(f"{LESSON}?answer={answer}")
    other = Client()
    other.get(LESSON)
    other.get(f"{LESSON}?answer={wrong}")
    options = quiz["options"]
    assert counts() == {
        ("wrong", quiz["question"], options[wrong]): 2,
        ("right", quiz["question"], options[right]): 1,
    }


def test_presses_that_go_wrong_are_counted_and_right_ones_are_not(learner, lesson):
    page = PracticePage.objects.child_of(lesson).get()
    screen = page.practice.screens[0]
    decoy = next(each for each in screen.widgets if each.target and not each.is_right)
    address = f"{page.url}?screen={screen.id}"
    learner.get(page.url)
    learner.get(f"{address}&misses=0&press={decoy.id}")
    learner.get(f"{address}&misses=1&press={decoy.id}")
    learner.get(f"{address}&misses=1&press={decoy.id}")  # loaded anew
    learner.get(f"{address}&misses=2&press=")
    learner.get(f"{address}&misses=3&press=help")
    learner.get(f"{address}&misses=0&press={screen.right_widget.id}")
    assert counts() == {
        ("missed", screen.id, decoy.text): 2,
        ("missed", screen.id, ""): 1,
        ("helped", screen.id, ""): 1,
    }
    assert {row.lesson_id for row in LessonTally.objects.all()} == {lesson.pk}


def test_what_was_not_understood_is_thanked_for_and_counted_by_step(learner, lesson):
    address = f"/my/lesson/{lesson.pk}/unclear/"
    answer = learner.post(address, follow=True)
    said = answer.content.decode()
    assert answer.redirect_chain == [(f"{address}?told=0", 302)]
    assert "谢谢您告诉我们" in said
    for way in (f'{LESSON}#reading"', 'href="/help/call/?next=', 'href="/help/?next='):
        assert way in said
    assert "第2步，记下了" in learner.post(address, {"step": "2"}, follow=True).content.decode()
    learner.post(address, {"step": "99"})
    words = lesson.steps[1].value["words"]
    assert counts() == {("unclear", "", ""): 1, ("unclear", words, ""): 1}
    assert not LearnerRecord.objects.exists()  # nothing was done of the lesson


def test_openings_are_told_by_the_page_and_counted_by_the_day(learner, lesson):
    assert (
        f'data-opened-url="/my/lesson/{lesson.pk}/opened/"' in learner.get(LESSON).content.decode()
    )
    assert not LessonTally.objects.exists()
    for _time in range(2):
        assert learner.post(f"/my/lesson/{lesson.pk}/opened/").status_code == 204
    assert counts() == {("opened", "", ""): 1}


def test_who_brings_no_cookie_is_answered_and_not_counted(lesson):
    stranger = Client()
    stranger.get(f"{LESSON}?answer=0")
    stranger.cookies.clear()
    assert stranger.post(f"/my/lesson/{lesson.pk}/opened/").status_code == 204
    stranger.cookies.clear()
    assert "谢谢" in stranger.post(f"/my/lesson/{lesson.pk}/unclear/", follow=True).content.decode()
    assert counts() == {}


def test_a_count_that_fails_stops_nobody(learner, lesson, monkeypatch):
    def broken(*_args, **_kwargs):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(tallies, "add", broken)
    answer = learner.get(f"{LESSON}?answer=0")
    assert "quiz__verdict" in answer.content.decode()
    assert learner.post(f"/my/lesson/{lesson.pk}/unclear/", follow=True).status_code == 200


def test_old_counts_are_forgotten_by_night(lesson):
    add(Tallied.OPENED, lesson=lesson.pk)
    old = months_ago(tallies.MONTHS_KEPT + 1)
    LessonTally.objects.create(lesson=lesson, day=old, kind=Tallied.WRONG, times=9)
    forget_old_tallies()
    assert counts() == {("opened", "", ""): 1}
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "progress.forget_old_tallies" in tasks


def test_everything_but_openings_is_counted_by_the_month(lesson):
    add(Tallied.UNCLEAR, lesson=lesson.pk)
    add(Tallied.UNCLEAR, lesson=lesson.pk)
    row = LessonTally.objects.get()
    assert (row.day, row.times) == (months_ago(0), 2)
    assert isinstance(row.day, date)
    assert row.day.day == 1
