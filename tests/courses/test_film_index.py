"""What a film says and where: chapters with their pictures, a search, words that are pressed."""

import pytest

from courses.film_index import index_of
from media.models import Rendition, Thumbnail, Video
from subtitles.cues import UNHEARD
from subtitles.models import HotWord, Track, TrackCue
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db

SAID = [
    (0, "大家好，", "大家好"),
    (3_000, "今天学微信支付\n和健康码。", ""),
    (9_000, "微信支付要当心。", "微信支付"),
]


@pytest.fixture
def video():
    video = Video.objects.create(title="手机课堂", original="originals/a.mp4")
    Rendition.objects.create(
        video=video, name="360p", file="videos/a/360p.mp4", width=640, height=360, size_bytes=1
    )
    for at_ms in (0, 4_000, 8_000):
        Thumbnail.objects.create(video=video, at_ms=at_ms, file=f"posters/{at_ms}.jpg")
    return video


@pytest.fixture
def track(video):
    HotWord.objects.all().delete()
    for word in ("微信", "微信支付", "健康码", "网约车"):
        HotWord.objects.create(word=word)
    track = Track.objects.create(video=video, language="zh")
    for start_ms, text, chapter in SAID:
        TrackCue.objects.create(
            track=track, start_ms=start_ms, end_ms=start_ms + 2_000, text=text, chapter=chapter
        )
    return track


def test_a_chapter_has_the_first_picture_from_its_beginning_on(video, track):
    chapters = index_of(video, track.cues.all()).chapters
    assert [(one.title, one.picture.at_ms) for one in chapters] == [
        ("大家好", 0),
        ("微信支付", 8_000),
    ]
    video.thumbnails.all().delete()
    assert [one.picture for one in index_of(video, track.cues.all()).chapters] == [None, None]


@pytest.mark.parametrize(
    ("searched", "starts"),
    [("", [0, 3_000, 9_000]), (" 微信，支付 ", [3_000, 9_000]), ("支付和", [3_000]), ("飞机", [])],
)
def test_a_search_leaves_the_lines_that_say_it_whatever_the_marks(video, track, searched, starts):
    assert [
        line.start_ms for line in index_of(video, track.cues.all(), searched=searched).lines
    ] == starts


def test_words_to_press_are_those_that_are_said_and_none_is_within_another(video, track):
    assert index_of(video, track.cues.all()).words == ["微信支付", "健康码"]


def test_without_scripts_a_line_is_a_place_in_the_film(video, track):
    index = index_of(video, track.cues.all())
    assert index.film == "/media/videos/a/360p.mp4"
    assert [line.starts_at for line in index.lines] == ["0.0", "3.0", "9.0"]


def test_a_learner_reads_that_something_was_not_heard_under_the_picture_and_below_it(
    client, video, track
):
    [lesson] = make_lessons(1)
    lesson.video = video
    lesson.save_revision().publish()
    TrackCue.objects.create(track=track, start_ms=14_000, end_ms=20_000, text=UNHEARD)
    page = client.get(lesson.url).content.decode()  # as it is without scripts
    assert f"data-words>{UNHEARD}</span>" in page
    assert f"/{track.pk}.vtt" in page
    film = client.get(track.get_absolute_url()).content.decode()
    assert f"00:00:14.000 --> 00:00:20.000\n{UNHEARD}\n" in film
