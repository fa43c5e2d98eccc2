"""学得怎样: what needs mending stands first, nobody can be made out, and who may see it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.choices import Tallied
from courses.models import ClassroomPage, LessonPage, PracticePage
from courses.progress.models import FILM_PARTS, LearnerRecord, LessonMark, LessonTally
from courses.progress.tallies import months_ago
from lms.reports.learning.figures import (
    LEAST_TOLD,
    LessonFigures,
    figures_of_lesson,
    figures_of_lessons,
    idle_days,
    share,
)
from lms.reports.learning.tables import film_table, told
from tests.reports.reading import csv_rows, page_rows, xlsx_rows
from tests.staff_pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

PAGES = (
    "/reports/learning/",
    "/reports/learning/{pk}/",
    "/reports/learning.csv",
    "/reports/learning.xlsx",
)
#: Who is asked to sign in, and who sees it; all others find nothing.
SEES = {
    "anonymous": None, "superuser": True, "city_officer": True, "street_officer": True,
    "auditor": True, "editor": True, "teacher": False, "volunteer": False, "stranger": False,
}  # fmt: skip


@pytest.fixture
def lesson():
    return LessonPage.objects.get(slug="scan-to-pay")


@pytest.fixture
def seen(lesson):
    """Twenty learners of one lesson: eight left the film a quarter through, two at a half, ten saw
    it all; a question answered wrong more than right, presses and a step not understood."""
    today = timezone.now()
    for parts, learners in ((5, 8), (10, 2), (FILM_PARTS, 10)):
        for _learner in range(learners):
            LessonMark.objects.create(
                record=LearnerRecord.objects.create(),
                lesson=lesson,
                seen_parts=2**parts - 1,
                done_at=today if parts == FILM_PARTS else None,
                practised_at=today if parts == FILM_PARTS else None,
            )
    quiz = lesson.quizzes[0].value
    right = int(quiz["answer"])
    screen = PracticePage.objects.child_of(lesson).get().practice.screens[1]
    step = lesson.steps[0].value["words"]
    for kind, place, chosen, times in (
        (Tallied.RIGHT, quiz["question"], quiz["options"][right], 8),
        (Tallied.WRONG, quiz["question"], quiz["options"][(right + 1) % 3], 12),
        (Tallied.WRONG, quiz["question"], quiz["options"][(right + 2) % 3], 3),
        (Tallied.MISSED, screen.id, "相册", 16),
        (Tallied.MISSED, screen.id, "", 2),
        (Tallied.HELPED, screen.id, "", 6),
        (Tallied.UNCLEAR, step, "", 7),
        (Tallied.UNCLEAR, "", "", 4),
    ):
        LessonTally.objects.create(
            lesson=lesson, day=months_ago(0), kind=kind, place=place, chosen=chosen, times=times
        )
    LessonTally.objects.create(
        lesson=lesson, day=timezone.localdate(), kind=Tallied.OPENED, times=31
    )
    return lesson


@pytest.mark.parametrize("who", SEES)
def test_editors_and_officers_see_it_and_nobody_else(as_, cast, django_user_model, lesson, who):
    cast.editor = django_user_model.objects.create_user("editor")
    cast.editor.groups.add(Group.objects.get(name="课程编辑"))
    browser = as_(who)
    for address in (page.format(pk=lesson.pk) for page in PAGES):
        answer = browser.get(address)
        if SEES[who] is None:
            assert answer["Location"].startswith("/accounts/login/?next="), address
        else:
            assert answer.status_code == (200 if SEES[who] else 404), address
            assert browser.post(address).status_code == 405


def test_what_needs_mending_stands_first_and_page_and_files_say_the_same(as_, seen):
    browser = as_("city_officer")
    page = browser.get("/reports/learning/")
    rows = page_rows(page, "learning")
    heads, first = rows[0], rows[1]
    assert dict(zip(heads, first, strict=False)) == {
        "课": seen.title,
        "课堂": seen.get_parent().title,
        "打开（次）": "31",
        "学完（人）": "10",
        "视频看到哪里走开最多": "25%处，8人",
        "答对": "35.0%",
        "练完（人）": "10",
        "没看懂（次）": "10",
    }
    files = [
        csv_rows(browser.get("/reports/learning.csv")),
        xlsx_rows(browser.get("/reports/learning.xlsx")),
    ]
    assert f'href="/reports/learning/{seen.pk}/?months=3"' in page.content.decode()
    for found in files:
        assert [row[0] for row in found] == [row[0] for row in rows]
    for wrong in ("months=2", "months=x"):
        assert browser.get(f"/reports/learning/?{wrong}").status_code == 404
    assert browser.get("/reports/learning.pdf").status_code == 404


def test_a_lessons_page_says_where_it_fails_and_nothing_under_five(as_, seen):
    page = as_("city_officer").get(f"/reports/learning/{seen.pk}/")
    said = words(page)
    film = page_rows(page, "film")
    assert [row[1] for row in film[1:6]] == ["100.0%"] * 5
    assert [row[1] for row in film[6:11]] == ["60.0%"] * 5
    assert film[5][2] == "8"
    assert film[10][2] == "不到5"
    assert film[20][2] == "—"
    assert {row[1] for row in page_rows(page, "answers-1")[1:]} == {"8", "12", "不到5"}
    assert "16次按了“相册”" in said
    assert "还有按错别处的，每处不到5次" in said
    assert "6次请人帮忙按" in said
    steps = page_rows(page, "steps")
    assert [row[1] for row in steps[1:4]] == ["不到5", "7", "0"]
    assert "走开最多的地方" in said


def figures(lesson, ended_at) -> LessonFigures:
    found = LessonFigures(lesson, "")
    found.ended_at.update(ended_at)
    return found


def numbers(ended_at: dict[int, int]) -> Iterator[int]:
    table = film_table(figures(LessonPage(), ended_at))
    return (value for row in table.rows for value in row.values if isinstance(value, int))


@given(st.dictionaries(st.integers(1, FILM_PARTS), st.integers(0, 30)))
def test_no_number_of_a_film_is_of_fewer_than_five(ended_at):
    assert all(number == 0 or number >= LEAST_TOLD for number in numbers(ended_at))


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_share_tells_of_five_at_least_and_hides_the_single_one(part, more):
    found = share(part, part + more)
    if part + more < LEAST_TOLD:
        assert found is None
    else:
        assert found is not None
        assert (found * 20) == pytest.approx(round(found * 20))


def test_a_number_under_five_is_not_told():
    assert [told(number) for number in (0, 1, 4, 5)] == [0, "不到5", "不到5", 5]


def test_a_lesson_that_nobody_opens_says_so_once_that_is_known():
    today = timezone.localdate()
    ago = lambda days: today - timedelta(days=days)  # noqa: E731
    assert idle_days(ago(10), None, None) is None  # too early to say
    assert idle_days(ago(40), None, None) == 30
    assert idle_days(ago(200), None, None) == 90
    assert idle_days(ago(200), ago(40), None) == 30
    assert idle_days(ago(200), ago(3), None) is None
    assert idle_days(ago(200), None, today.replace(day=1)) is None  # without script


def test_an_unopened_lesson_stands_above_those_that_do_well(as_, seen):
    LessonTally.objects.create(
        lesson=seen, day=timezone.localdate() - timedelta(days=120), kind=Tallied.OPENED, times=9
    )
    LessonPage.objects.update(first_published_at=timezone.now() - timedelta(days=200))
    rows = page_rows(as_("superuser").get("/reports/learning/"), "learning")
    assert rows[2][-1] == "90天没人打开"
    assert rows[1][0] == seen.title


def test_all_lessons_take_eight_queries(seen, django_assert_num_queries):
    with django_assert_num_queries(8):
        found = figures_of_lessons(months=3)
    assert found[0].lesson == seen


def test_of_one_learner_only_her_own_page_tells(as_, seen):
    """Nothing in the figures leads to a record."""
    assert not any("record" in field.name for field in LessonTally._meta.get_fields())
    assert not hasattr(figures_of_lesson(seen, months=1), "record")
    answer = as_("city_officer").get(f"/my/?record={LearnerRecord.objects.first().pk}")
    assert "学完了1课" not in answer.content.decode()


def answer_five(classroom, *, learners: int, before: int | None, after: int | None) -> None:
    for _learner in range(learners):
        record = LearnerRecord.objects.create()
        for when, known in (("before", before), ("after", after)):
            if known is not None:
                record.five_answers.create(
                    page=classroom, when=when, lessons=[], known=known, answered_at=timezone.now()
                )


def test_what_is_known_before_and_after_is_told_of_pairs_from_five_on(as_, lesson):
    classroom, other = lesson.get_parent(), ClassroomPage.objects.get(slug="science")
    answer_five(classroom, learners=6, before=2, after=4)
    answer_five(classroom, learners=5, before=5, after=None)
    answer_five(classroom, learners=9, before=None, after=0)
    answer_five(other, learners=4, before=1, after=5)
    for address in ("/reports/learning/", "/reports/learning/?months=1"):
        rows = page_rows(as_("city_officer").get(address), "five")
        told = {row[0]: row[1:] for row in rows[1:]}
        assert told[classroom.title] == ["10", "6", "40.0%", "80.0%"]
        assert told[other.title] == ["不到5", "不到5", "—", "—"]
