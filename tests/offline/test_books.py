"""A lesson as a phone keeps it: all that its pages can be asked for, and nothing of who asks."""

import pytest
from django.test import Client

from courses.models import LessonPage
from courses.practice import moment_of
from courses.progress.models import LearnerRecord
from courses.progress.screen import COOKIE
from lms.offline.book import every_moment
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson() -> LessonPage:
    """With a practice that has a number pad."""
    return make_lessons(1, "smart-tech")[0]


def book_of(client: Client, lesson: LessonPage, query: str = "") -> dict:
    return client.get(f"/kept/lessons/{lesson.pk}.json{query}").json()


def test_its_page_is_the_one_that_nobody_in_particular_sees(client, lesson):
    html = book_of(client, lesson)["parts"]["lesson"]["html"]
    assert html.split("<body")[1] == without_alerts(client.get(lesson.url)).split("<body")[1]


def without_alerts(answer) -> str:
    """The place of alerts is filled at every answer, here with none."""
    return answer.content.decode().replace('now.json"></div>', 'now.json"><!--alerts:line--></div>')


def test_whoever_keeps_it_is_not_in_it(client, lesson, django_user_model):
    plain = book_of(client, lesson)
    staff = Client()
    staff.force_login(django_user_model.objects.create_superuser("chief", last_name="欧阳"))
    staff.get(lesson.url)
    staff.post(f"/my/lesson/{lesson.pk}/read/")
    assert 'data-name="work"' in staff.get(lesson.url).content.decode()
    theirs = book_of(staff, lesson)
    assert theirs == plain
    assert "我的工作" not in str(theirs)


def test_what_is_put_into_its_pages_stands_in_them(client, lesson):
    parts = book_of(client, lesson)["parts"]
    assert parts["lesson"]["learnt"]["before"] in parts["lesson"]["html"]
    for quiz in parts["lesson"]["quizzes"]:
        assert quiz["before"] in parts["lesson"]["html"]
        assert [("quiz__verdict" in after) for after in quiz["after"]] == [True] * 3
    practice = parts["practice"]
    assert practice["parts"][practice["moments"]["|-|0|0"]] in practice["html"]


def test_a_press_gives_what_the_server_gives(client, lesson):
    practice = book_of(client, lesson)["parts"]["practice"]
    asked = list(practice["moments"])
    for key in [asked[0], *asked[1::9], asked[-1]]:
        screen, press, misses, typed = key.split("|")
        query = {"screen": screen, "misses": misses, "typed": typed}
        if press != "-":
            query["press"] = press
        html = client.get(practice["url"], query).content.decode()
        assert practice["parts"][practice["moments"][key]] in html, key
    assert "做完了" in practice["parts"][practice["end"]]


def test_every_press_of_a_practice_is_there(lesson):
    """One walks it as a learner does, each time with all that can be pressed."""
    practice = lesson.get_children().first().specific.practice
    known = dict(every_moment(practice))
    for moment in list(known.values()):
        if moment.screen is None:
            continue
        typed = moment.typed + 1 if moment.screen.has_keypad else 0
        for press in ["", "help", *(each.id for each in moment.screen.widgets if each.target)]:
            asked = f"{moment.screen.id}|{press}|{moment.misses}|{typed}"
            query = {"screen": moment.screen.id, "press": press}
            query |= {"misses": str(moment.misses), "typed": str(typed)}
            assert known[asked] == moment_of(practice, query), asked


def test_files_are_named_with_their_lengths_and_told_together(client, lesson):
    book = book_of(client, lesson)
    urls = [each["url"] for each in book["files"]]
    for name in ("/static/css/learner.css", "/static/js/learner.js", "/static/js/quiz.js"):
        assert name in urls
    assert len(urls) == len(set(urls))
    assert all(client.get(url).status_code == 200 for url in urls if not url.startswith("/static"))
    assert book["bytes"] > sum(each["bytes"] for each in book["files"]) > 100_000


def test_a_version_that_the_phone_has_is_not_sent_again(client, lesson):
    book = book_of(client, lesson)
    answer = client.get(f"/kept/lessons/{lesson.pk}.json", {"have": book["version"]})
    assert answer.status_code == 204
    lesson.fraud_line = "验证码谁要都不给。"
    lesson.save_revision().publish()
    changed = book_of(client, lesson, f"?have={book['version']}")
    assert changed["version"] != book["version"]
    assert "验证码谁要都不给。" in changed["parts"]["lesson"]["html"]


def test_it_is_made_once_until_a_page_changes(client, lesson, settings, monkeypatch):
    settings.KEEPS_PAGES = True
    book_of(client, lesson)
    monkeypatch.setattr("lms.offline.book.make_book", lambda *_: pytest.fail("made again"))
    assert book_of(client, lesson)["lesson"] == lesson.pk


def test_news_change_with_a_page_and_with_the_look(client, lesson):
    first = client.get("/kept/news.json").json()["mark"]
    assert client.get("/kept/news.json").json()["mark"] == first
    client.cookies["display"] = "elder:larger:dark:off:1:zh-hans"
    assert client.get("/kept/news.json").json()["mark"] != first
    del client.cookies["display"]
    lesson.save_revision().publish()
    assert client.get("/kept/news.json").json()["mark"] != first


def test_a_lesson_that_was_taken_back_is_not_kept(client, lesson):
    lesson.unpublish()
    assert client.get(f"/kept/lessons/{lesson.pk}.json").status_code == 404


@pytest.mark.parametrize("path", ["/kept/", "/kept/away/", "/tv/start/"])
def test_pages_that_a_browser_keeps_show_nobody(client, path, django_user_model):
    plain = client.get(path).content
    client.force_login(django_user_model.objects.create_superuser("chief"))
    assert client.get(path).content == plain


def test_asking_for_a_book_begins_no_record(client, lesson):
    book_of(client, lesson)
    assert COOKIE not in client.cookies
    assert not LearnerRecord.objects.exists()
