"""What whoever signs in by telephone is told and asked, and that a no costs no lesson."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from courses.progress.models import LearnerRecord
from lms.accounts.choices import Purpose
from lms.accounts.models import Agreement, User
from lms.accounts.services import account_of_telephone
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.privacy.purposes import NOTICE_VERSION
from tests.courses.lessons import make_lessons
from tests.lms.conftest import sent  # noqa: F401  # a fixture
from tests.lms.short_messages import MINE, sign_in, words

pytestmark = pytest.mark.django_db

NOTICE, ANSWER = "/accounts/privacy/", "/accounts/privacy/answer/"
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture
def screen(sent):  # noqa: F811
    """A browser in which somebody new has signed in by telephone."""
    screen = Client(headers=BROWSER)
    sign_in(screen, sent)
    return screen


def say(screen, purpose, said, **more):
    return screen.post(ANSWER, {"purpose": purpose, "said": said, **more})


def learn(screen, lesson):
    screen.get(lesson.url)
    return screen.get(lesson.url, {"answer": "0"})


def test_who_is_new_is_led_to_the_notice_once_and_back(screen):
    led = screen.get("/search/?q=x")
    assert led.url == f"{NOTICE}?next=%2Fsearch%2F%3Fq%3Dx"
    page = screen.get(led.url)
    assert 'href="/search/?q=x"' in page.content.decode()
    assert screen.get("/search/").status_code == 200
    assert not Agreement.objects.exists()


def test_who_has_answered_is_not_asked_again(screen, sent):  # noqa: F811
    for purpose in Purpose:
        say(screen, purpose, "no")
    again = Client(headers=BROWSER)
    sign_in(again, sent)
    assert again.get("/").status_code == 200


def test_who_works_here_is_not_asked(sent, units):  # noqa: F811
    teacher = account_of_telephone(MINE)
    RoleAssignment.objects.create(person=teacher, role=Role.TEACHER, unit=units["4401"])
    screen = Client(headers=BROWSER)
    sign_in(screen, sent)
    assert screen.get("/").status_code == 200


def test_an_answer_is_kept_with_its_moment_and_the_words_that_were_read(screen):
    say(screen, "news", "yes")
    say(screen, "news", "yes")
    say(screen, "news", "no")
    answers = Agreement.objects.order_by("pk").values_list("purpose", "given", "version")
    assert list(answers) == [("news", True, NOTICE_VERSION), ("news", False, NOTICE_VERSION)]
    assert User.objects.get().agrees_to(Purpose.NEWS) is False


def test_before_a_yes_nothing_is_kept_and_the_lesson_is_the_same(screen):
    lesson = make_lessons(1)[0]
    screen.get(NOTICE)
    assert learn(screen, lesson).status_code == 200
    assert not LearnerRecord.objects.exists()
    assert "您没有同意记住学到了哪里" in words(screen.get(reverse("my:learning")))
    assert screen.post(reverse("my:number")).url == NOTICE


def test_a_yes_takes_along_what_was_learnt_on_the_screen_before(sent):  # noqa: F811
    lesson, screen = make_lessons(1)[0], Client(headers=BROWSER)
    learn(screen, lesson)
    sign_in(screen, sent)
    assert LearnerRecord.objects.get().user is None
    say(screen, "learning", "yes")
    assert LearnerRecord.objects.get().user == User.objects.get()


def test_a_no_after_a_yes_is_asked_once_more_and_deletes_what_was_kept(screen):
    lesson = make_lessons(1)[0]
    say(screen, "learning", "yes")
    learn(screen, lesson)
    assert LearnerRecord.objects.get().user is not None
    assert "以前记下的也会删去" in words(say(screen, "learning", "no"))
    assert LearnerRecord.objects.exists()
    say(screen, "learning", "no", sure="1")
    assert not LearnerRecord.objects.exists()
    learn(screen, lesson)
    assert not LearnerRecord.objects.exists()


def test_an_account_that_was_made_for_work_keeps_what_is_learnt_until_it_says_no(
    client, django_user_model
):
    wang = django_user_model.objects.create_user("wang")
    assert wang.keeps_learning()
    client.force_login(wang)
    say(client, "learning", "no", sure="1")
    assert not wang.keeps_learning()


def test_what_is_no_answer_is_none(screen):
    assert say(screen, "marketing", "yes").status_code == 404
    assert screen.post(ANSWER, {"purpose": "news"}).status_code == 404


def test_it_is_there_for_everybody_to_read_in_chinese_and_answers_nothing_then(client):
    page = words(client.get(NOTICE))
    for told in ("记什么", "做什么用", "留多久", "谁能看", "3年", "不记身份证号"):
        assert told in page
    assert "好，同意" not in page
    assert LATIN.findall(page) == []
    assert client.post(ANSWER, {"purpose": "news", "said": "yes"}).status_code == 302
    assert not Agreement.objects.exists()
