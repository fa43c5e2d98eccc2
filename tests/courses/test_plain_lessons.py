"""A lesson is advised about while it is written, and stopped only when it is to be published."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.models import LessonPage
from courses.plain_lesson import lesson_findings
from lms.manuals.models import PlainWord
from tests.courses.lessons import CURRICULUM, make_lessons

pytestmark = pytest.mark.django_db

HARD = "打开设置，连接局域网路由器，启用投屏功能，完成终端配对与授权。"


@pytest.fixture
def lesson(db):
    return make_lessons(1)[0]


@pytest.fixture
def send(admin_client, lesson):
    """A function: the lesson's form with these words as its one step, by a button."""

    def send(words, **button):
        data = {
            "title": lesson.title,
            "slug": lesson.slug,
            "goal": lesson.goal,
            "steps": streamfield([("step", {"words": words, "drawing": "", "picture-image": ""})]),
            "quizzes": streamfield([]),
            "fraud_line": lesson.fraud_line,
            "offline_route": lesson.offline_route,
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "comments-MIN_NUM_FORMS": 0,
            "comments-MAX_NUM_FORMS": 1000,
            **button,
        }
        address = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
        return admin_client.post(address, nested_form_data(data))

    return send


def live_words(lesson):
    return LessonPage.objects.get(pk=lesson.pk).steps[0].value["words"]


def test_jargon_is_saved_as_a_draft_and_stopped_at_publishing(send, lesson, admin_client):
    before = live_words(lesson)
    assert send(HARD).status_code == 302
    refused = send(HARD, **{"action-publish": "1"})
    assert refused.status_code == 200
    assert "“局域网”老人不一定懂" in refused.content.decode()
    assert live_words(lesson) == before
    page = admin_client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    assert "老人好不好懂" in page
    assert "要改</b>" not in page  # the kind stands with the field
    assert "要改 · 第1步" in page
    assert send("按红色的圆钮。", **{"action-publish": "1"}).status_code == 302
    assert live_words(lesson) == "按红色的圆钮。"


def test_the_citys_own_words_count_in_lessons_too(lesson):
    lesson.steps = [("step", {"words": "看握持传感。"})]
    assert not any(found.finding.stops for found in lesson_findings(lesson))
    PlainWord.objects.create(word="握持传感", kind="jargon", instead="手握住就知道")
    assert [f.finding.found for f in lesson_findings(lesson) if f.finding.stops] == ["握持传感"]


def test_every_starter_lesson_passes():
    for classroom in CURRICULUM["classrooms"]:
        for lesson in make_lessons(99, classroom["slug"]):
            stops = [f.finding.found for f in lesson_findings(lesson) if f.finding.stops]
            assert stops == [], lesson.slug
    assert LessonPage.objects.count() == len(CURRICULUM["lessons"])
