"""The page on which a lesson is looked for."""

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

from courses.models import LessonPage
from courses.phrases import by_phrases
from lms.search.finding import find

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_for(searched, client):
    def page_for(query, **more):
        return client.get(reverse("tv:search"), {"q": query, **more})

    return page_for


def titles(query):
    return [each.title for each in find(query).found]


def test_a_lesson_that_only_speaks_of_it_is_found_after_those_named_so(page_for):
    named = ["医保" in title for title in titles("医保")]
    assert named[0] is True
    assert False in named
    assert named == sorted(named, reverse=True)


def test_what_is_not_published_or_not_for_everybody_is_not_found(page_for):
    first, second, *_rest = LessonPage.objects.filter(title__contains="手机")
    assert {first.title, second.title} <= set(titles("手机"))
    first.unpublish()
    PageViewRestriction.objects.create(page=second, restriction_type=PageViewRestriction.LOGIN)
    assert not {first.title, second.title} & set(titles("手机"))


def test_a_lesson_holds_no_more_than_one_entry(page_for):
    found = [each.url for each in find("机").found]
    assert len(found) == len(set(found)) > 4


def test_it_says_which_word_a_lesson_has_inside(page_for):
    words = page_for("支付宝").content.decode()
    assert by_phrases("里面说到“支付宝”") in words


def test_what_nobody_teaches_leads_to_what_comes_near_and_to_people(page_for):
    words = page_for("手电筒").content.decode()
    assert "没有“手电筒”这一课" in words
    assert f'href="{reverse("help")}?next=' in words
    assert "打电话问" in words
    assert 'href="/"' in words
    near = page_for("公园放烟花").content.decode()
    assert "没有和“公园放烟花”完全一样的" in near
    assert "看看这些" in near
    assert by_phrases("去公园，约一张票") in near


def test_letters_that_find_nothing_lead_to_words_that_do(page_for):
    words = page_for("weixvv").content.decode()
    assert "没有“weixvv”这一课" in words
    assert "要找的是不是" in words
    assert 'href="?q=%E5%BE%AE%E4%BF%A1"' in words  # 微信


def test_the_empty_page_suggests_six_words(page_for):
    words = page_for("").content.decode()
    assert words.count('data-name="suggestion-') == 6
    assert "大家常找" in words


def test_what_is_typed_is_shown_as_typed_and_cut_when_endless(page_for):
    assert "&lt;script&gt;" in page_for("<script>").content.decode()
    assert page_for("长" * 5000).context["query"] == "长" * 30
    assert page_for("%00").status_code == 200
    assert page_for("\x00").status_code == 404  # lms/bounds.py


@pytest.mark.parametrize(
    "query", ['"', "'", "( ", "*", "，。！", "%", "-", "\\", "[a", "a=1", "  "]
)
def test_signs_find_nothing_and_break_nothing(page_for, query):
    assert page_for(query).status_code == 200


def test_a_screen_that_is_not_there_shows_the_last_one(page_for):
    answer = page_for("s", p="999")
    found = answer.context["found"]
    assert found.number == found.paginator.num_pages > 1
    assert LessonPage.objects.live().count() > len(found)


def test_a_search_asks_the_database_little(page_for, django_assert_max_num_queries):
    find("微信")
    with django_assert_max_num_queries(4):
        assert find("支付宝").found
