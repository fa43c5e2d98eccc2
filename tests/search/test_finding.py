"""What is found for what was asked, in which order, and that every process hears of changes."""

import pytest
from wagtail.models import Page

from courses.models import LessonPage, PracticePage
from lms.search import entries
from lms.search.changes import reading_later
from lms.search.entries import read_stale
from lms.search.finding import find
from lms.search.memory import Memory, memory
from lms.search.models import SearchEntry, WordGroup
from media.models import Video
from subtitles.models import Track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("searched")]

SCAN_TO_PAY = "扫码付钱，看清再按"
CALL_CAR = "用手机叫车"


def titles(query, first=None):
    return [each.title for each in find(query).found][:first]


@pytest.mark.parametrize("query", ["zhifubao", "zhifub", "zfb", "zifubao", "zhfubao", "ZhiFuBao"])
def test_a_word_within_a_lesson_is_found_by_its_sound(query):
    assert SCAN_TO_PAY in titles(query, 3)


@pytest.mark.parametrize("query", ["打车", "打的", "滴滴", "dadi", "didi", "dc", "网约车"])
def test_words_of_the_same_meaning_find_the_same_lesson(query):
    assert titles(query, 1) == [CALL_CAR]


def test_a_word_that_sounds_the_same_is_taken_for_the_one_that_is_known():
    assert find("支付饱").word == "支付宝"
    assert SCAN_TO_PAY in titles("支付饱", 3)


@pytest.mark.parametrize(
    "query", ["我想学怎么打车", "请问怎么打车", "打车怎么用", "教我用手机叫车吧"]
)
def test_a_spoken_question_finds_what_it_asks_for(query):
    assert titles(query, 1) == [CALL_CAR]


def test_a_title_comes_before_steps_and_steps_before_the_rest():
    [title, steps, text] = LessonPage.objects.all()[:3]
    title.title = "会飞的琉璃瓦"
    steps.goal = "知道琉璃瓦是什么。"
    text.narration += "最后说说琉璃瓦。"
    for lesson in (text, steps, title):
        lesson.save_revision().publish()
    assert titles("琉璃瓦") == [title.title, steps.title, text.title]
    assert titles("liuliwa") == [title.title, steps.title, text.title]


def test_what_a_practice_says_is_found_as_its_lesson():
    practice = PracticePage.objects.first()
    practice.screens[0].value["say"] = "请点琥珀色的圆钮"
    practice.save_revision().publish()
    assert titles("琥珀色") == [practice.get_parent().title]
    assert titles("hupose") == [practice.get_parent().title]


def test_what_a_film_says_is_found_as_its_lesson():
    video = Video.objects.create(title="一段录像", original="x.mp4", spoken_language="zh")
    lesson = LessonPage.objects.first()
    lesson.video = video
    lesson.save_revision().publish()
    assert titles("珐琅镯子") == []
    track = Track.objects.create(video=video, language="zh")
    track.cues.create(start_ms=0, end_ms=900, text="这只珐琅\n镯子")
    track.save()
    assert titles("珐琅镯子") == [lesson.title]
    assert titles("falang", 1) == [lesson.title]


def test_what_a_drill_says_is_found():
    assert "是骗局，还是真的？" in titles("骗局")


def test_a_page_says_its_new_words_and_not_its_old_ones():
    lesson = LessonPage.objects.get(title=CALL_CAR)
    lesson.title = "凤凰花开"
    lesson.save_revision().publish()
    assert titles("凤凰花") == titles("fenghh", 1) == ["凤凰花开"]
    assert CALL_CAR not in titles("用手机叫车")


def test_a_draft_is_not_found():
    lesson = LessonPage.objects.first()
    lesson.title = "还没写完的草稿"
    lesson.save_revision()
    assert titles("写完的草稿") == []


def test_a_moved_page_is_found_at_its_new_address():
    lesson = LessonPage.objects.get(title=CALL_CAR)
    lesson.slug = "called-otherwise"
    lesson.save_revision().publish()
    assert find("用手机叫车").found[0].url.endswith("/called-otherwise/")


def test_every_process_hears_of_a_new_page():
    other = Memory()
    with other.up_to_date() as index:
        before = sum(map(bool, index.things))
    lesson = LessonPage.objects.first()
    lesson.copy(update_attrs={"slug": "another", "title": "又来一课孔雀东南飞"})
    assert titles("孔雀东南") == ["又来一课孔雀东南飞"]  # this process
    with other.up_to_date() as index:
        assert sum(map(bool, index.things)) == before + 1
        assert list(index.holding("孔雀东南"))


def test_pages_that_come_many_at_once_are_read_later(django_capture_on_commit_callbacks):
    lesson = LessonPage.objects.first()
    lesson.title = "月下海棠"
    with django_capture_on_commit_callbacks(execute=True), reading_later():
        lesson.save_revision().publish()
    assert SearchEntry.objects.get(kind="page", key=lesson.pk).stale
    assert titles("月下海棠") == [lesson.title]  # at the latest


def test_a_deleted_page_leaves_no_entry():
    lesson = LessonPage.objects.get(title=CALL_CAR)
    Page.objects.get(pk=lesson.pk).delete()
    read_stale()
    assert not SearchEntry.objects.filter(kind="page", key=lesson.pk).exists()
    assert CALL_CAR not in titles("叫车")


def test_an_editors_words_and_lesson_count_at_once():
    assert titles("夜来香") == []
    lesson = LessonPage.objects.get(title=CALL_CAR)
    group = WordGroup.objects.create(words="夜来香 晚香玉", leads_to=lesson)
    assert titles("夜来香") == titles("yelaixiang") == titles("wxy", 1) == [CALL_CAR]
    group.used = False
    group.save()
    assert titles("夜来香") == []


def test_an_index_that_followed_all_changes_equals_a_new_one():
    lesson = LessonPage.objects.first()
    lesson.title = "凤凰花开"
    lesson.save_revision().publish()
    LessonPage.objects.last().delete()
    find("x")
    new = Memory()
    with memory.up_to_date() as followed, new.up_to_date() as index:
        said = [sorted(t.title for t in each.things if t) for each in (followed, index)]
        assert said[0] == said[1]
        for word in ("手机", "凤凰花", "微信"):
            assert sorted(followed.things[n].title for n in followed.holding(word)) == sorted(
                index.things[n].title for n in index.holding(word)
            )


def test_a_page_that_cannot_be_read_stays_as_it_was_known(monkeypatch, caplog):
    lesson = LessonPage.objects.get(title=CALL_CAR)
    lesson.title = "凤凰花开"
    lesson.save_revision().publish()

    def fail(entry):
        raise KeyError("words")

    monkeypatch.setattr(entries, "sayings_of", fail)
    assert titles("用手机叫车", 1) == [CALL_CAR]
    assert "cannot read" in caplog.text
