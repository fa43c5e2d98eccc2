"""What the learner pages answer, before any browser draws them."""

import pytest
from django.utils.html import strip_tags

from courses.models import ClassroomPage, LessonPage
from lms import __version__
from media.models import Video

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]


def lesson(slug="scan-to-pay"):
    return LessonPage.objects.get(slug=slug)


def text_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_home_page_has_the_four_classrooms(client):
    page = text_of(client, "/")
    for classroom in ClassroomPage.objects.all():
        assert classroom.url in page


def test_while_its_film_is_made_a_lesson_says_so(client):
    LessonPage.objects.update(video=Video.objects.create(title="扫码", original="x.mp4"))
    page = text_of(client, lesson().url)
    assert "视频正在准备，过一会儿再来" in page
    assert "再看看好了没有" in page
    assert "<video" not in page


def test_a_screen_of_a_classroom_has_at_most_six_lessons(client):
    classroom = ClassroomPage.objects.get(slug="digital-life")
    seen = []
    for number in (1, 2, 3, 4):
        lessons = client.get(f"{classroom.url}?p={number}").context["lessons"]
        assert len(lessons) <= 6
        seen += lessons
    assert seen == list(LessonPage.objects.child_of(classroom))


@pytest.mark.parametrize("page", ["0", "99", "x", ""])
def test_a_screen_that_is_not_there_shows_one_that_is(client, page):
    assert client.get(f"/digital-life/?p={page}").status_code == 200


def test_a_lesson_shows_its_steps_its_warning_and_the_way_without_a_phone(client):
    page = strip_tags(text_of(client, lesson().url))  # lines may end between phrases
    for words in (
        lesson().goal,
        lesson().fraud_line,
        lesson().offline_route,
        *(step.value["words"] for step in lesson().steps),
    ):
        assert words in page


def test_the_note_for_staff_is_not_shown(client):
    page = lesson()
    page.staff_note = "扇形、竖条的画法各家不同"
    page.save_revision().publish()
    assert page.staff_note not in text_of(client, page.url)


def test_lessons_lead_to_the_ones_before_and_after_within_their_classroom(client):
    context = client.get(lesson("wake-and-back").url).context
    assert context["previous_lesson"] is None
    second = LessonPage.objects.sibling_of(lesson("wake-and-back"))[1]
    assert context["next_lesson"].pk == second.pk


@pytest.mark.parametrize(
    ("answer", "chosen"), [("", None), ("0", 0), ("2", 2), ("3", None), ("甲", None)]
)
def test_an_answer_is_taken_from_the_address_so_that_no_script_is_needed(client, answer, chosen):
    response = client.get(lesson().url, {"answer": answer})
    assert response.context["chosen_answer"] == chosen
    [quiz] = lesson().quizzes
    assert (quiz.value["why"] in response.content.decode()) == (chosen is not None)


def test_a_wrong_answer_is_told_the_right_one_in_words(client):
    [quiz] = lesson().quizzes
    right = int(quiz.value["answer"])
    page = client.get(lesson().url, {"answer": (right + 1) % 3}).content.decode()
    assert f"再想想。应该是：{quiz.value['options'][right]}。" in page


def test_telephone_numbers_are_read_in_figures_and_said_digit_by_digit(client):
    page = client.get(lesson("one-key-help").url).content.decode()
    shown = "着火打119，急病打120，遇到坏人打110。"
    said = "着火打幺幺九，急病打幺二零，遇到坏人打幺幺零。"
    assert shown in page
    assert page.count(said) == 1  # for a voice that reads it


def test_a_page_that_is_not_there_says_so_in_plain_words(client):
    response = client.get("/smart-tech/no-such-lesson/")
    assert response.status_code == 404
    assert "找不到这一页" in response.content.decode()


def test_learner_pages_carry_a_strict_content_security_policy(client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_healthz_answers_without_the_database(client, django_db_blocker):
    with django_db_blocker.block():
        answer = client.get("/healthz").json()
    assert answer == {"status": "ok", "version": __version__}
