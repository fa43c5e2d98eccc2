"""A kept page is filled in with what is each learner's own, and nobody sees another's."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.choices import AnsweredWhen
from courses.models import ClassroomPage, CoursePage, LessonPage
from courses.own_parts import CutPage, between_marks, marked
from courses.page_cache import forget_pages
from courses.progress.marking import mark_quiz_tried, mark_read, mark_seen, note_five_answers
from courses.progress.models import LearnerRecord
from media.models import Rendition, Video

LESSON = "/science/qr-inside/"
#: Each of its way to show what is a learner's own; the last two have nothing of the kind.
PAGES = [
    LESSON,
    "/",
    "/science/",
    "/science/?p=2",
    "/courses/going-out/",
    "/courses/",
    "/stories/",
]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]


@pytest.fixture(autouse=True)
def kept(settings, shelves):
    settings.KEEPS_PAGES = True
    video = Video.objects.create(title="片", original="x.mp4", duration_ms=60_000)
    Rendition.objects.create(
        video=video, name="360p", file="x.mp4", width=640, height=360, size_bytes=1
    )
    LessonPage.objects.update(video=video)
    forget_pages()


def lesson(slug: str) -> LessonPage:
    return LessonPage.objects.get(slug=slug)


def begin(client: Client) -> LearnerRecord:
    """A learner: the first thing done makes the record."""
    client.get(LESSON)
    client.post(reverse("my:read", args=[lesson("bus-code").pk]))
    return LearnerRecord.objects.latest("pk")


@pytest.fixture
def learners() -> list[Client]:
    """Nobody, one who has begun, one who has seen and learnt some, one who has learnt all."""
    nobody, beginner, some, everything = (Client() for _ in range(4))
    begin(beginner)
    record = begin(some)
    mark_seen(record, lesson=lesson("qr-inside"), parts=0b111)
    mark_read(record, lesson=lesson("weather-warning"))
    mark_quiz_tried(record, lesson=lesson("weather-warning"))
    record = begin(everything)
    for page in LessonPage.objects.all():
        mark_read(record, lesson=page)
        mark_quiz_tried(record, lesson=page)
    for page in (*ClassroomPage.objects.all(), *CoursePage.objects.all()):
        note_five_answers(record, page=page, when=AnsweredWhen.BEFORE, lessons=[], known=2)
    return [nobody, beginner, some, everything]


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r">\s+<", "><", " ".join(answer.content.decode().split()))


def made_for(client: Client, address: str, settings) -> str:
    """The same by a site that keeps nothing."""
    settings.KEEPS_PAGES = False
    try:
        other = Client()
        other.cookies = client.cookies
        return shown(other, address)
    finally:
        settings.KEEPS_PAGES = True


@pytest.mark.parametrize("address", [
    *(PAGES[place] for place in (0, 1, 2, 4)),
    *(pytest.param(PAGES[place], marks=pytest.mark.thorough("the four others are of its kinds"))
      for place in (3, 5, 6)),
])  # fmt: skip
def test_everybody_is_shown_what_a_page_made_for_them_alone_would_show(learners, address, settings):
    for client in learners:
        client.get(address)  # from here on a cookie says where they stopped
    wanted = [made_for(client, address, settings) for client in learners]
    for first in (0, 3):  # for whom the page is made and kept
        forget_pages()
        for place in (first, *range(len(learners))):
            assert shown(learners[place], address) == wanted[place]


def test_what_differs_is_there(learners):
    nobody, beginner, some, everything = learners
    assert "看完这一课，再答一题" in shown(nobody, LESSON)
    assert 'data-seen="7"' in shown(some, LESSON)
    assert "这一课学完了" in shown(everything, LESSON)
    assert "没学过" not in shown(nobody, "/science/")
    assert "没学过" in shown(beginner, "/science/")
    assert "看到0分9秒" in shown(some, "/science/")
    count = len(ClassroomPage.objects.get(slug="science").lessons_in_order())
    assert f"学完{count}课，共{count}课" in shown(everything, "/science/")
    assert "先答五题" in shown(beginner, "/science/")
    assert "再答五题" in shown(everything, "/science/")


@pytest.mark.parametrize(("address", "most"), [*zip(PAGES[:5], (1, 3, 3, 3, 3), strict=True)])
def test_a_returning_learner_costs_few_queries(learners, address, most):
    for client in learners[1:3]:  # for who has learnt all, home is made anew
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        assert len(captured) <= most, captured.captured_queries


def test_a_lesson_that_is_answered_whole_is_noted_for_other_screens(learners):
    learners[1].get(LESSON)
    learners[2].get(LESSON)
    other = lesson("weather-warning")
    learners[3].get(other.url)
    learners[2].get(other.url)
    record = LearnerRecord.objects.order_by("pk")[1]
    assert record.last_lesson_id == other.pk


def test_a_page_that_is_not_kept_is_made_once_for_a_learner(learners):
    learners[3].get("/anti-fraud/drill/")
    with CaptureQueriesContext(connection) as first:
        learners[2].get("/anti-fraud/drill/")
    with CaptureQueriesContext(connection) as alone:
        Client().get("/anti-fraud/drill/")
    assert len(first) <= len(alone) + 3  # the record, and what is looked up of it


@pytest.mark.thorough("test_everybody_is_shown compares with pages that never had marks")
def test_nothing_is_left_of_the_marks(learners):
    for client in learners:
        for address in [*PAGES, "/anti-fraud/drill/", "/search/?q=挂号", "/"]:
            page = shown(client, address)
            assert "endown" not in page
            assert "</span>" in page
            assert not [
                word for word in page.split("<") if word[:16].isalnum() and word[16:17] == " "
            ]


def test_a_part_stands_alone_within_its_marks():
    with marked() as mark:
        html = f"一{between_marks('a', '二')}三{between_marks('b', '四')}五"
    page = CutPage.cut(html.encode(), mark)
    assert page.filled({}).decode() == "一二三四五"
    assert page.filled({"b": "肆"}).decode() == "一二三肆五"
    assert page.filled({"a": "", "other": "x"}).decode() == "一三四五"
    assert between_marks("a", "二") == "二"
