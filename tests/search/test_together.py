"""Several words that were typed as one."""

import pytest

from lms.search.finding import find

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("searched")]

LOUDER = "字大一点，声大一点"
CALL_CAR = "用手机叫车"
HOME_WIFI = "连上家里的无线网"


def titles(query):
    return [each.title for each in find(query).found]


@pytest.mark.parametrize("query", ["手机没声音", "shoujimeishengyin"])
def test_it_is_cut_into_words_however_it_is_typed(query):
    assert titles(query)[0] == LOUDER
    assert not find(query).in_vain


def test_initials_of_several_words_find_all_that_begin_so():
    """sjm is 手机慢 as well."""
    assert LOUDER in titles("sjmsy")[:3]


@pytest.mark.parametrize("query", ["不会打车怎么办", "buhuidachezenmeban"])
def test_what_is_said_around_the_thing_is_left_out(query):
    assert titles(query)[0] == CALL_CAR


@pytest.mark.parametrize("query", ["上不了网", "shangbuliaowang"])
def test_a_word_is_known_with_something_between_its_signs(query):
    assert HOME_WIFI in titles(query)[:3]


@pytest.mark.parametrize("query", ["屏幕忽然黑了", "把字弄大点", "qunlidexintongzhi"])
def test_a_word_is_known_with_more_signs_or_syllables_put_into_it(query):
    lessons = {"屏幕忽然黑了": "亮屏、退回、回主屏", "把字弄大点": LOUDER}
    assert lessons.get(query, "进班级群，看通知") in titles(query)[:3]


def test_the_page_of_a_group_comes_before_titles_with_its_other_words():
    """触屏 and 用手机 are of one group, and many titles say 用手机."""
    assert titles("触屏")[0] == "亮屏、退回、回主屏"


def test_words_that_leave_something_when_asking_is_taken_away_are_read_whole_first():
    """打的 of 怎么打的 is a car; without asking 打 would be left."""
    assert titles("怎么打的")[0] == CALL_CAR


def test_a_text_that_happens_to_say_it_does_not_shut_out_what_is_about_it():
    assert titles("找人帮忙")[:3].count("不会用，请志愿者帮") == 1


def test_part_of_a_known_word_finds_what_the_word_finds():
    assert "交水电煤气费" in titles("燃气")[:3]


def test_half_of_it_is_offered_and_not_called_found():
    findings = find("公园放烟花")
    assert findings.in_vain
    assert "去公园，约一张票" in titles("公园放烟花")[:3]


@pytest.mark.parametrize("query", ["feicuizhuozi", "weixinvv"])
def test_letters_that_are_no_words_are_not_called_found(query):
    assert find(query).in_vain
