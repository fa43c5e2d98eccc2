"""A lesson's tile: minutes, what it offers, how far one came."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from courses.models import LessonPage
from courses.models.on_tiles import show_on_tiles
from courses.progress.models import LearnerRecord, LessonMark
from courses.progress.summary import how_far
from media.models import Narration, Rendition, Video
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db


def give_film(lesson, *, seconds=150, is_ready=True) -> Video:
    video = Video.objects.create(title="片", original="x.mp4", duration_ms=seconds * 1000)
    if is_ready:
        Rendition.objects.create(
            video=video, name="360p", file="x.mp4", width=640, height=360, size_bytes=1
        )
    LessonPage.objects.filter(pk=lesson.pk).update(video=video)
    lesson.refresh_from_db()
    return video


def give_sound(lesson, *, seconds=40) -> None:
    Narration.objects.create(
        page_id=lesson.pk,
        text="念",
        audio=ContentFile(b"-", name="x.m4a"),
        audio_digest="a",
        duration_ms=seconds * 1000,
        made_at=timezone.now(),
    )


@pytest.fixture
def lessons():
    """Four of the classroom of science, none with a film or a sound, the last with a practice."""
    found = make_lessons(4)
    Narration.objects.all().delete()
    return found


def tile(client, lesson) -> str:
    html = client.get("/science/").content.decode()
    [found] = re.findall(rf'href="{lesson.url}".*?</a>', html, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", " ", found).split())


def test_a_tile_says_the_minutes_and_what_can_be_done(client, lessons):
    first, second, _third, weather = lessons
    give_film(first)
    give_sound(first)
    give_sound(second)
    assert tile(client, first).endswith("2分钟 看 听")
    assert tile(client, second).endswith("1分钟 听")
    assert tile(client, weather).endswith("练")


def test_a_film_that_cannot_be_watched_yet_is_not_offered(client, lessons):
    give_film(lessons[0], is_ready=False)
    assert "看" not in tile(client, lessons[0])
    assert "分钟" not in tile(client, lessons[0])


def test_a_tile_says_how_far_one_came_to_who_is_known_only(client, lessons):
    first, second, *_ = lessons
    assert "没学过" not in tile(client, first)
    client.get(first.url)
    client.get(first.url, {"answer": "0"})
    assert "学了一半" in tile(client, first)
    assert "没学过" in tile(client, second)
    client.post(reverse("my:read", args=[first.pk]))
    assert "学完了" in tile(client, first)


@pytest.mark.parametrize(
    ("mark", "film_ms", "words"),
    [
        (None, 60_000, "没学过"),
        ({"seen_parts": 0b111}, 120_000, "看到0分18秒"),
        ({"seen_parts": 0b111}, None, "学了一半"),
        ({"quiz_at": True}, 60_000, "学了一半"),
        ({"read_at": True}, None, "看完了，还差一题"),
        ({"seen_parts": 2**19 - 1}, 60_000, "看完了，还差一题"),
        ({"read_at": True, "done_at": True}, None, "学完了"),
    ],
)
def test_how_far_in_the_records_own_words(mark, film_ms, words):
    found = None
    if mark is not None:
        now = timezone.now()
        found = LessonMark(
            **{name: now if value is True else value for name, value in mark.items()}
        )
    assert how_far(found, film_ms=film_ms).words == words


def test_any_number_of_tiles_costs_the_same_queries(lessons, django_assert_num_queries):
    record = LearnerRecord.objects.create()
    give_film(lessons[0])
    shown = list(LessonPage.objects.all())
    with django_assert_num_queries(7):
        show_on_tiles(record, shown)
    assert {lesson.cover for lesson in shown} == {None}  # asked for; nothing is drawn in a request
