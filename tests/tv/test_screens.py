"""What a screen in a lobby is told."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from courses.models import LessonPage
from courses.starter.loading import load_starter
from lms.tv.demo import make_lobby_playlist
from lms.tv.models import Playlist, PlaylistItem, PlaylistTime
from media.models import Rendition, Video
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


def test_a_screen_is_told_its_items_in_their_order(client, playlist, add_film):
    load_starter()
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


def test_what_is_not_ready_or_not_published_is_left_out_until_it_is(client, playlist):
    load_starter()
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
    load_starter()
    made = make_lobby_playlist()
    assert [item["kind"] for item in told(client)["items"]] == ["lesson"] * 3
    made.items.all().delete()
    assert make_lobby_playlist() is None
