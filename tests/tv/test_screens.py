"""What a screen in a lobby is told."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from courses.models import ClassroomPage, CoursePage, LessonPage
from courses.starter.loading import load_starter
from lms.tv.choices import FilmOrder, FilmsFrom
from lms.tv.demo import make_lobby_playlist
from lms.tv.models import Playlist, PlaylistItem, PlaylistTime
from media.models import Rendition, Video
from tests.kept_rows import load_or_put_back
from tests.media.films import X264, make_film, pattern

pytestmark = pytest.mark.django_db


@pytest.fixture
def playlist(db):
    return Playlist.objects.create(title="大堂", slug="lobby")


@pytest.fixture
def add_film(playlist, tmp_path):
    """Puts a film of some seconds, ready to be watched, at the list's end."""

    def add_film(title, *, seconds=2, heights=(180,)):
        video = Video.objects.create(title=title, original=ContentFile(b"-", name="x.mp4"))
        for height in heights:
            film = make_film(
                tmp_path / f"{title}{height}.mp4",
                *pattern("320x180", rate=10, seconds=seconds),
                *X264,
                *("-movflags", "+faststart"),
            )
            Rendition.objects.create(
                video=video,
                name=f"{height}p",
                file=ContentFile(film.read_bytes(), name="film.mp4"),
                width=height * 16 // 9,
                height=height,
                size_bytes=film.stat().st_size,
            )
        PlaylistItem.objects.create(
            playlist=playlist, video=video, sort_order=playlist.items.count()
        )
        return video

    return add_film


def told(client):
    return client.get(reverse("tv:playlist", args=["lobby"])).json()


def test_a_screen_is_told_its_items_in_their_order(client, with_starter, playlist, add_film):
    lesson = LessonPage.objects.get(slug="scan-to-pay")
    add_film("宣传片")
    PlaylistItem.objects.create(playlist=playlist, lesson=lesson, sort_order=1)
    film, slides = told(client)["items"]
    assert film["title"] == "宣传片"
    assert client.get(film["file"]).status_code == 200
    assert slides["subject"] == "smart-tech"
    assert [each["words"] for each in slides["slides"]] == [
        lesson.goal,
        *(step.value["words"] for step in lesson.steps),
        lesson.fraud_line,
    ]


def test_what_is_not_ready_or_not_published_is_left_out_until_it_is(client, with_starter, playlist):
    lesson = LessonPage.objects.get(slug="scan-to-pay")
    PlaylistItem.objects.create(playlist=playlist, lesson=lesson, sort_order=0)
    video = Video.objects.create(title="还没转换", original=ContentFile(b"-", name="x.mp4"))
    PlaylistItem.objects.create(playlist=playlist, video=video, sort_order=1)
    lesson.unpublish()
    assert told(client)["items"] == []
    lesson.save_revision().publish()
    assert [item["title"] for item in told(client)["items"]] == [lesson.title]


def test_no_sharper_film_than_a_lobby_needs_is_kept(client, add_film):
    add_film("很清楚", heights=(2160, 1080, 360))
    [item] = told(client)["items"]
    assert "1080" not in item["file"] or "2160" not in item["file"]
    assert item["file"] == Rendition.objects.get(name="1080p").file.url


def test_a_list_that_is_not_there_is_not_found(client):
    assert client.get(reverse("tv:screen", args=["nothing"])).status_code == 404
    assert client.get(reverse("tv:playlist", args=["nothing"])).status_code == 404


def test_an_item_is_a_video_or_a_lesson_and_not_both(playlist):
    with pytest.raises(ValidationError, match="二选一"):
        PlaylistItem(playlist=playlist).full_clean()


def test_a_time_that_ends_before_it_starts_is_refused_in_words(playlist):
    backwards = PlaylistTime(playlist=playlist, starts_at=time(11), ends_at=time(9))
    with pytest.raises(ValidationError, match="要比开始的时间晚"):
        backwards.full_clean()


def test_a_newcomers_lobby_shows_short_lessons_and_an_editors_list_is_left_alone(client):
    assert make_lobby_playlist() is None, "there is no lesson yet"
    load_or_put_back("starter", load_starter, once_a_run=True)
    made = make_lobby_playlist()
    assert [item["kind"] for item in told(client)["items"]] == ["lesson"] * 3
    made.items.all().delete()
    assert make_lobby_playlist() is None


# --- By rule ------------------------------------------------------------------------------------


@pytest.fixture
def give_film(starter):
    """A lesson's film, as if it had been made so many days ago."""

    def give_film(slug, *, days=0, is_ready=True):
        video = Video.objects.create(title="片", original="x.mp4")
        Video.objects.filter(pk=video.pk).update(created_at=timezone.now() - timedelta(days=days))
        if is_ready:
            Rendition.objects.create(
                video=video, name="360p", file="x.mp4", width=640, height=360, size_bytes=1
            )
        LessonPage.objects.filter(slug=slug).update(video=video)
        return video

    return give_film


def titles(client):
    return [item["title"] for item in told(client)["items"]]


def title(slug):
    return LessonPage.objects.get(slug=slug).title


def by_rule(**rule):
    return Playlist.objects.create(title="大堂", slug="lobby", **rule)


def test_all_films_are_played_newest_first_and_new_ones_come_by_themselves(client, give_film):
    by_rule(films_from=FilmsFrom.ALL)
    give_film("qr-inside", days=3)
    give_film("bus-code", days=1)
    give_film("call-car", days=2, is_ready=False)
    assert titles(client) == [title("bus-code"), title("qr-inside")]
    give_film("voice-check")
    assert titles(client) == [title("voice-check"), title("bus-code"), title("qr-inside")]


def test_a_classrooms_films_are_played_in_their_order_and_no_others(client, give_film):
    room = ClassroomPage.objects.get(slug="digital-life")
    by_rule(films_from=FilmsFrom.PAGE, films_page=room, films_order=FilmOrder.IN_ORDER)
    for slug in ("call-car", "bus-code", "qr-inside"):
        give_film(slug)
    assert titles(client) == [title("bus-code"), title("call-car")]
    room.unpublish()
    assert titles(client) == []


def test_a_series_is_played_as_its_editor_put_it(client, give_film, shelves):
    page = CoursePage.objects.get(slug="in-touch")
    by_rule(films_from=FilmsFrom.PAGE, films_page=page, films_order=FilmOrder.IN_ORDER)
    for slug in ("class-group", "call-hotline", "video-call"):
        give_film(slug)
    assert titles(client) == [title("video-call"), title("class-group"), title("call-hotline")]


def test_a_lesson_that_is_hidden_or_closed_is_not_played(client, give_film):
    by_rule(films_from=FilmsFrom.ALL)
    give_film("qr-inside")
    give_film("bus-code")
    LessonPage.objects.get(slug="qr-inside").unpublish()
    closed = LessonPage.objects.get(slug="bus-code")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    assert titles(client) == []


def test_what_was_chosen_by_hand_comes_first_and_once(client, give_film):
    playlist = by_rule(films_from=FilmsFrom.ALL)
    give_film("qr-inside")
    chosen = give_film("bus-code", days=9)
    PlaylistItem.objects.create(playlist=playlist, video=chosen, sort_order=0)
    assert titles(client) == [chosen.title, title("qr-inside")]


def test_a_rule_of_a_page_asks_for_the_page(db):
    with pytest.raises(ValidationError, match="请选一个课堂"):
        Playlist(title="大堂", slug="lobby", films_from=FilmsFrom.PAGE).full_clean()


def test_an_editor_makes_a_list_by_rule_alone(admin_client, give_film):
    give_film("qr-inside")
    add = reverse(Playlist.snippet_viewset.get_url_name("add"))
    assert "自动播放哪些课的视频" in admin_client.get(add).content.decode()
    none = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    form = {
        "title": "大堂",
        "slug": "lobby",
        "films_from": "all",
        "films_page": "",
        "films_order": "newest",
        **{
            f"{part}-{name}": number for part in ("items", "times") for name, number in none.items()
        },
    }
    assert admin_client.post(add, form).status_code == 302
    assert titles(admin_client) == [title("qr-inside")]
