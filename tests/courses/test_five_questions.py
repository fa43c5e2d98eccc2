"""五个问题: the same five before a classroom is learnt and after, never in anybody's way."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.choices import AnsweredWhen
from courses.models import CoursePage, CoursesLesson, HomePage, LessonPage
from courses.models.five_questions import FiveQuestions, lessons_asked, said_in
from courses.progress.marking import note_five_answers
from courses.progress.models import FiveAnswers, LearnerRecord
from courses.progress.records import forget, give_code, join
from tests.courses.lessons import CURRICULUM, make_lessons

pytestmark = pytest.mark.django_db

BEFORE, AFTER = "before", "after"


@pytest.fixture
def lessons():
    return make_lessons(7)


@pytest.fixture
def classroom(lessons):
    return lessons[0].get_parent().specific


def address(page, when: str) -> str:
    return reverse("my:five", args=[page.pk, when])


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def ways(answer) -> dict[str, str]:
    """By the digit of the remote, where it leads."""
    html = answer.content.decode()
    found = re.findall(r'<a class="[^"]*" href="([^"]*)" data-digit="(\d)"', html)
    return {digit: way.replace("&amp;", "&") for way, digit in found}


def answer_all(client, page, when, *, knows: int):
    """By the digits of a remote: the first so many right, the others 不知道."""
    answer, start = client.get(address(page, when)), address(page, when)
    for number in range(5):
        questions = answer.context["questions"]
        right = int(questions.now.quiz["answer"]) + 1
        digit = str(right if number < knows else 4)
        answer = client.get(start + ways(answer)[digit])
    return answer


def learn(client, lesson):
    client.get(lesson.url)
    client.post(reverse("my:read", args=[lesson.pk]))
    client.get(lesson.url, {"answer": "0"})


def test_the_five_are_from_the_first_lesson_to_the_last(lessons):
    asked = [each.slug for each in lessons_asked(lessons, None)]
    assert asked == [lessons[place].slug for place in (0, 1, 3, 4, 6)]


def test_by_the_remotes_digits_before_and_after_and_what_was_learnt_is_told(client, classroom):
    door = f'href="{address(classroom, BEFORE)}"'
    assert door in client.get(classroom.url).content.decode()
    first = client.get(address(classroom, BEFORE))
    assert "第1题，共5题" in words(first)
    assert ways(first)["5"] == classroom.url, "one press, and it is skipped"
    end = answer_all(client, classroom, BEFORE, knows=2)
    assert "您已经会2样了" in words(end)
    assert end.context["questions"].asked[4].lesson.url in end.content.decode()
    assert end.context["questions"].asked[0].lesson.url not in end.content.decode(), "known already"
    assert end.context["questions"].asked[4].right_words not in words(end), "it is asked once more"
    assert door not in client.get(classroom.url).content.decode(), "asked once"
    for lesson in LessonPage.objects.child_of(classroom):
        learn(client, lesson)
    assert address(classroom, AFTER) in client.get("/my/").content.decode()
    end = answer_all(client, classroom, AFTER, knows=5)
    assert "学之前会2个，现在会5个。学会了3样！" in words(end)
    assert "学之前会2个，现在会5个。" in words(client.get("/my/"))
    assert address(classroom, AFTER) not in client.get("/my/").content.decode(), "asked once"
    certificate = client.get(reverse("my:certificate", args=[classroom.pk]))
    assert "学之前会2个，现在会5个。" in words(certificate)
    assert address(classroom, AFTER) not in client.get(classroom.url).content.decode()


def test_once_a_lesson_is_done_nothing_is_before_any_more(client, lessons, classroom):
    learn(client, lessons[0])
    for when in (BEFORE, AFTER):
        assert client.get(address(classroom, when)).url == classroom.url
        assert address(classroom, when) not in client.get(classroom.url).content.decode()


def test_the_first_before_counts_and_the_last_after(classroom):
    record = LearnerRecord.objects.create()
    for when, known in ((BEFORE, 1), (BEFORE, 4), (AFTER, 5), (AFTER, 3)):
        note_five_answers(record, page=classroom, when=AnsweredWhen(when), lessons=[], known=known)
    assert dict(record.five_answers.values_list("when", "known")) == {BEFORE: 1, AFTER: 3}


def test_after_it_the_same_are_asked_though_lessons_were_added(client, lessons, classroom):
    lessons[-1].unpublish()
    answer_all(client, classroom, BEFORE, knows=0)
    asked = FiveAnswers.objects.get().lessons
    lessons[-1].save_revision().publish()
    before = FiveAnswers.objects.get()
    assert [each.pk for each in lessons_asked(classroom.lessons_in_order(), before)] == asked
    assert [each.pk for each in lessons_asked(classroom.lessons_in_order(), None)] != asked


def test_a_series_asks_too_and_a_classroom_of_four_asks_nothing(client, lessons):
    shelf = HomePage.objects.get()
    series = CoursePage(title="系列", slug="series", introduction="一课接一课")
    shelf.add_child(instance=series)
    for number, lesson in enumerate(lessons[:5]):
        CoursesLesson.objects.create(page=series, lesson=lesson, sort_order=number)
    assert "您已经会5样了" in words(answer_all(client, series, BEFORE, knows=5))
    CoursesLesson.objects.last().delete()
    assert client.get(address(series, BEFORE)).url == series.url


def test_who_brings_no_cookie_is_not_written_down(classroom):
    Client().get(address(classroom, BEFORE) + "?said=00000")
    assert not FiveAnswers.objects.exists()


@pytest.mark.parametrize("said", ["x", "4", "000000", "0-1", "٣"])
def test_an_address_that_nobody_wrote_begins_at_the_first_question(client, classroom, said):
    assert said_in(said) == ""
    answer = client.get(address(classroom, BEFORE), {"said": said})
    assert answer.context["questions"].number == 1


def test_what_is_no_classroom_and_no_moment_is_not_found(client, lessons, classroom):
    assert client.get(address(lessons[0], BEFORE)).status_code == 404
    assert client.get(address(classroom, "between")).status_code == 404


def test_one_step_back_is_the_question_before(client, classroom):
    page = client.get(address(classroom, BEFORE), {"said": "12"}).content.decode()
    assert 'href="?said=1" data-back' in page
    assert (
        f'href="{classroom.url}" data-back'
        in client.get(address(classroom, BEFORE)).content.decode()
    )


def test_two_records_become_one_with_the_first_before_and_the_last_after(classroom):
    now = timezone.now()
    one, other = LearnerRecord.objects.create(), LearnerRecord.objects.create()
    for record, when, known, days in (
        (one, BEFORE, 3, 2), (other, BEFORE, 1, 5), (one, AFTER, 4, 1), (other, AFTER, 5, 0),
    ):  # fmt: skip
        FiveAnswers.objects.create(
            record=record, page=classroom, when=when, lessons=[], known=known,
            answered_at=now - timedelta(days=days),
        )  # fmt: skip
    join(one, other)
    assert dict(one.five_answers.values_list("when", "known")) == {BEFORE: 1, AFTER: 5}
    assert not other.five_answers.exists()
    forget(one)
    assert not FiveAnswers.objects.exists()


def test_they_go_along_with_the_learning_number(client, classroom):
    answer_all(client, classroom, BEFORE, knows=2)
    code = give_code(LearnerRecord.objects.get())
    television = Client()
    television.post(reverse("my:enter"), {"number": code})
    assert "学之前会2个" in words(television.get("/my/"))


def test_every_starter_lesson_has_a_question_with_one_right_answer():
    for entry in CURRICULUM["lessons"]:
        assert len(set(entry["quiz"]["options"])) == 3
        assert entry["quiz"]["answer_index"] in range(3)


def test_the_state_is_whole_in_its_address(lessons):
    five = FiveQuestions(lessons[:5], "30")
    assert (five.number, five.is_done, five.one_back) == (3, False, "?said=3")
    assert [way for _words, way in five.ways] == ["?said=300", "?said=301", "?said=302"]
    assert five.not_known == "?said=303"
    assert FiveQuestions(lessons[:5], "33333").known == 0
    assert AnsweredWhen(BEFORE) in AnsweredWhen
