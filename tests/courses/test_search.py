"""Searching Chinese: whatever stands in a lesson is found, and nothing else, on both databases."""

import random

import pytest
from pypinyin import Style, lazy_pinyin

from courses.models import LessonPage
from courses.search.chinese import index_words, is_chinese, pinyin_words, runs

QUERIES = 200


def test_it_cuts_chinese_into_neighbouring_pairs_and_single_characters():
    assert index_words("用WiFi，连上了！") == "用 wifi 连上 上了 连 上 了"


def test_it_makes_full_width_letters_and_capitals_plain():
    assert index_words("ＷｉＦｉ １２３４５") == "wifi 12345"


def test_pinyin_begins_at_every_character():
    assert pinyin_words("微信付") == "wxf weixinfu xf xinfu f fu"


@pytest.fixture
def lessons(starter, db):
    return list(LessonPage.objects.live())


def words_of(lesson):
    """The runs of all that is searched in a lesson."""
    texts = [lesson.title, lesson.goal, lesson.fraud_line, lesson.offline_route]
    texts += [step.value["words"] for step in lesson.steps]
    texts += [step.value["result"] for step in lesson.steps if step.value.get("result")]
    return [run for text in texts for run in runs(str(text))]


def test_every_piece_of_a_lesson_finds_just_the_lessons_that_hold_it(lessons):
    chance = random.Random(45)
    pieces: set[str] = set()
    while len(pieces) < QUERIES:
        run = chance.choice(words_of(chance.choice(lessons)))
        length = chance.randint(1, 6)
        start = chance.randrange(max(1, len(run) - length + 1))
        pieces.add(run[start : start + length] if is_chinese(run) else run)
    for piece in sorted(pieces):
        holding = {
            lesson.slug
            for lesson in lessons
            if any(piece in run if is_chinese(run) else piece == run for run in words_of(lesson))
        }
        found = {lesson.slug for lesson in LessonPage.objects.live().search(piece)}
        assert found == holding, piece


def test_the_initials_of_every_title_find_it(lessons):
    for lesson in lessons:
        for run in filter(is_chinese, runs(lesson.title)):
            initials = "".join(lazy_pinyin(run, style=Style.FIRST_LETTER))
            for typed in (initials, initials[:3], "".join(lazy_pinyin(run))):
                found = LessonPage.objects.live().autocomplete(typed)
                assert lesson in found, (lesson.title, typed)


def test_a_title_is_found_while_it_is_being_typed(lessons):
    for lesson in lessons[:10]:
        for end in range(1, len(lesson.title) + 1):
            assert lesson in LessonPage.objects.live().autocomplete(lesson.title[:end])


def test_signs_that_mean_something_to_a_database_are_not_asked_for(lessons):
    for query in ('"', "'", "( ", "*", "，。！", "%", "\x00", "-", "\\", "  ", ""):
        assert not list(LessonPage.objects.search(query)), query
        assert not list(LessonPage.objects.autocomplete(query)), query
    quoted = list(LessonPage.objects.search("手机' \""))
    assert quoted == list(LessonPage.objects.search("手机")) != []


def test_several_words_are_all_asked_for(lessons):
    def found(words):
        return set(LessonPage.objects.search(words))

    assert found("手机 电") == found("手机") & found("电") != set()


def test_a_changed_lesson_is_found_by_its_new_words(lessons):
    lesson = lessons[0]
    lesson.title = "凤凰花开"
    lesson.save_revision().publish()
    assert [each.pk for each in LessonPage.objects.search("凰花")] == [lesson.pk]
