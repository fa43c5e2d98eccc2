"""Words of the lesson in the place of what sounds like them."""

import pytest

from courses.film_text import text_of
from courses.models import LessonPage
from media.models import Video
from subtitles import lesson_texts
from subtitles.chinese.homophones import Swap, Vocabulary, put_right
from subtitles.cues import Cue
from subtitles.engines import Segment, Word
from subtitles.models import HotWord
from subtitles.recognition.machine import default_options
from subtitles.review.queries import cues_as_json
from subtitles.review.services import confirm_words
from subtitles.tracks.publishing import publish_machine_track

LESSON = """投屏到电视
把手机投屏到电视上，看得更清楚。点一下投屏，再扫码。
供电局的人上门，先打九五五九八问一问。量血压，坐稳扶好。
"""


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(LESSON, ["健康码", "网约车"])


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("点一下头瓶，再看电视。", "点一下投屏，再看电视。"),
        ("然后扫妈进门。", "然后扫码进门。"),
        ("工电局的人来了。", "供电局的人来了。"),
        ("先量学压再吃饭。", "先量血压再吃饭。"),
        ("请打开建康码。", "请打开健康码。"),
        ("叫一辆王约车。", "叫一辆网约车。"),
    ],
)
def test_what_sounds_like_a_word_of_the_lesson_is_offered(vocabulary, heard, written):
    [swap] = vocabulary.find_swaps(heard)
    assert heard[: swap.start] + swap.word + heard[swap.end :] == written


@pytest.mark.parametrize(
    "said",
    [
        "点一下投屏，再扫码。",
        "医生说一声就好。",
        "学生在学校里学习。",
        "这件事实在是好。",
        "他在家里等人。",
        "工厂停电了。",
        "",
        "WiFi 12345",
    ],
)
def test_what_is_right_is_left_alone(vocabulary, said):
    assert vocabulary.find_swaps(said) == []


def test_the_machines_own_lines_have_them_put_right(vocabulary):
    words = tuple(Word(100 * i, 100 * i + 90, c, 0.8) for i, c in enumerate("点一下头瓶，再看。"))
    [sentence] = put_right([Segment(0, 890, "点一下头瓶，再看。", words)], vocabulary)
    assert sentence.text == "点一下投屏，再看。"
    assert [word.text for word in sentence.words] == list(sentence.text)
    assert [word.start_ms for word in sentence.words] == [word.start_ms for word in words]
    assert [word.probability for word in sentence.words][2:6] == [0.8, None, None, 0.8]


def test_without_a_lesson_nothing_is_offered():
    assert Vocabulary("").find_swaps("点一下头瓶") == []


def test_places_are_counted_over_marks_and_do_not_overlap(vocabulary):
    assert vocabulary.find_swaps("好，头瓶。\n学压高。") == [Swap(2, 4, "投屏"), Swap(6, 8, "血压")]


@pytest.fixture
def lesson(db) -> LessonPage:
    video = Video.objects.create(title="投屏", original="originals/a.mp4")
    return LessonPage(
        title="投屏到电视", goal="会投屏", video=video, narration=LESSON,
        fraud_line="陌生人叫您投屏，不要理。", offline_route="请家里人帮忙。",
        steps=[("step", {"words": "先连家里的无线网。"})],
        quizzes=[("quiz", {"question": "用什么看？", "options": ["手机", "电视", "都行"],
                           "answer": "2", "why": "看得清就好。"})],
    )  # fmt: skip


def test_all_words_of_a_lesson_count(lesson):
    text = text_of(lesson)
    for words in ("投屏到电视", "会投屏", "先连家里的无线网。", "都行", "看得清就好。", "供电局"):
        assert words in text


def test_the_desk_offers_the_words_of_its_films_lesson_until_somebody_says_no(
    lesson, monkeypatch, django_user_model
):
    monkeypatch.setattr(lesson_texts, "_sources", [lambda video: text_of(lesson)])
    HotWord.objects.all().delete()
    cues = [Cue(400, 2_400, ("点一下头瓶。",), 0.9)]
    track = publish_machine_track(lesson.video, options=default_options(), cues=cues)
    assert track is not None
    [told] = cues_as_json(track, track.cues.all())
    assert told["swaps"] == [(3, 5, "投屏")]
    lin = django_user_model.objects.create_user("lin")
    confirm_words(track, cue=told["id"], base=0, by=lin)
    assert cues_as_json(track, track.cues.all())[0]["swaps"] == []


def test_a_lesson_tells_its_words_to_the_desk(lesson, db):
    home = LessonPage.get_first_root_node()
    lesson.slug = "cast"
    home.add_child(instance=lesson)
    assert "供电局" in lesson_texts.text_beside(lesson.video)
    assert lesson_texts.text_beside(Video.objects.create(title="别的", original="b.mp4")) == ""
