"""The page on which a lesson is looked for."""

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

from courses.models import LessonPage
from lms.tv.search import find_lessons

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_for(starter, client):
    def page_for(query, **more):
        return client.get(reverse("tv:search"), {"q": query, **more})

    return page_for


def test_a_title_that_begins_so_comes_before_one_that_holds_it(page_for):
    titles = [lesson.title for lesson in find_lessons("s")]
    assert titles.index("扫码付钱，看清再按") < titles.index("打热线问事，说清三句话")


def test_a_lesson_that_only_speaks_of_it_is_found_after_those_named_so(page_for):
    found = find_lessons("手机")
    named = ["手机" in lesson.title for lesson in found]
    assert named == sorted(named, reverse=True)
    assert True in named
    assert False in named


def test_what_is_not_published_or_not_for_everybody_is_not_found(page_for):
    [first, second, *_rest] = find_lessons("手机")
    first.unpublish()
    PageViewRestriction.objects.create(page=second, restriction_type=PageViewRestriction.LOGIN)
    assert not {first.pk, second.pk} & {lesson.pk for lesson in find_lessons("手机")}


def test_a_title_holds_no_more_than_one_entry(page_for):
    found = find_lessons("机")
    assert len(found) == len({lesson.pk for lesson in found}) > 4


def test_nothing_found_says_what_to_do(page_for):
    assert "少按一两个字母" in page_for("qqqq").content.decode()


def test_what_is_typed_is_shown_as_typed_and_cut_when_endless(page_for):
    assert "&lt;script&gt;" in page_for("<script>").content.decode()
    assert page_for("长" * 5000).context["query"] == "长" * 30
    assert page_for("%00\x00").status_code == 200


def test_a_screen_that_is_not_there_shows_the_last_one(page_for):
    answer = page_for("s", p="999")
    found = answer.context["found"]
    assert found.number == found.paginator.num_pages > 1
    assert LessonPage.objects.live().count() > len(found)
