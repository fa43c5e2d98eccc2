"""Drawings of lessons and steps: from the starter, beside the words, chosen by editors."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.images.tests.utils import get_test_image_file

from courses.drawings import drawing, drawings
from courses.handouts.sheets import lesson_handout
from courses.models import LessonPage
from courses.paper import pdf
from media.models import Picture
from tests.courses.lessons import CURRICULUM, make_lessons

pytestmark = pytest.mark.django_db

TOWER = 'd="M120 70L70 222'  # a line of the drawing "tower"


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_the_starter_has_a_drawing_for_every_lesson_and_nearly_every_step():
    lessons = CURRICULUM["lessons"]
    steps = [name for lesson in lessons for name in lesson["step_drawings"]]
    assert all(drawing(lesson["drawing"]) for lesson in lessons)
    assert len({lesson["drawing"] for lesson in lessons}) == len(lessons)
    assert {name for name in steps if name} <= set(drawings())
    assert steps.count("") <= 0.02 * len(steps)


def test_a_step_shows_its_drawing_and_nothing_is_read_out_twice(client):
    [lesson] = make_lessons(1)
    page = client.get(lesson.url).content.decode()
    assert TOWER in page
    assert page.count('class="step__drawing"') == len(lesson.steps)
    assert drawing("tower").title not in page


def test_a_picture_of_ones_own_goes_before_the_drawing(client):
    [lesson] = make_lessons(1)
    picture = Picture.objects.create(title="铁塔", file=get_test_image_file(size=(60, 40)))
    step = {"words": "看看铁塔。", "drawing": "tower", "picture": picture}
    lesson.steps = [("step", step)]
    lesson.save_revision().publish()
    page = client.get(lesson.url).content.decode()
    assert TOWER not in page
    assert 'class="step__picture"' in page


def test_the_handout_has_the_drawings_too(monkeypatch):
    laid_out: list[str] = []

    def lay_out(html: str) -> bytes:
        laid_out.append(html)
        return b"%PDF"

    monkeypatch.setattr(pdf, "lay_out", lay_out)
    [lesson] = make_lessons(1)
    lesson_handout(lesson)
    assert TOWER in laid_out[0]
    assert laid_out[0].count("<svg") == len(lesson.steps)


def test_a_drawing_that_is_not_in_the_set_is_refused_in_plain_words():
    [lesson] = make_lessons(1)
    lesson.drawing = "dragon"
    with pytest.raises(ValidationError, match="没有这张图画，请另选一张。"):
        lesson.full_clean()


def test_editors_see_all_drawings_side_by_side_and_nobody_else_does(admin_client, client):
    board = admin_client.get("/admin/drawings/").content.decode()
    assert board.count("<svg") == len(drawings())
    assert all(each.title in board for each in drawings().values())
    assert client.get("/admin/drawings/").status_code == 302


def test_the_form_of_a_lesson_offers_the_drawings(admin_client):
    [lesson] = make_lessons(1)
    form = admin_client.get(f"/admin/pages/{lesson.pk}/edit/").content.decode()
    assert '<option value="tower" selected>' in form
    assert 'data-board="/admin/drawings/"' in form
    assert LessonPage.objects.get(pk=lesson.pk).drawing == "tower"
