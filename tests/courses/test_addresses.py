"""A new page has a short address in pinyin; one that changes leads on from the old one."""

import pytest
from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.models import HomePage, LessonPage, ShelfPage, StoryPage
from courses.search.chinese import SHORT_PINYIN, short_pinyin
from courses.stories import hand_in_story
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("扫码付钱", "saomafuqian"),
        ("用Wi-Fi上网", "yong-wi-fi-shangwang"),
        ("96110是什么电话", "96110-shishenmedianhua"),
        ("怎么用手机扫别人的方块图付钱再看看付了多少", "zenmeyongshoujisaobierendefang"),
        ("！！", ""),
    ],
)
def test_a_title_has_a_short_pinyin(title, slug):
    assert short_pinyin(title) == slug
    assert len(slug) <= SHORT_PINYIN


def test_a_page_without_a_slug_gets_one_and_no_two_the_same(admin_client):
    lesson = make_lessons(1)[0]
    room = lesson.get_parent()
    data = nested_form_data(
        {
            "title": "看懂方块图",
            "slug": "",
            "goal": lesson.goal,
            "steps": streamfield([]),
            "quizzes": streamfield([]),
            "fraud_line": lesson.fraud_line,
            "offline_route": lesson.offline_route,
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "comments-MIN_NUM_FORMS": 0,
            "comments-MAX_NUM_FORMS": 1000,
        }
    )
    for _time in range(2):
        admin_client.post(f"/admin/pages/add/courses/lessonpage/{room.pk}/", data)
    made = LessonPage.objects.child_of(room).filter(title="看懂方块图")
    slugs = sorted(made.values_list("slug", flat=True))
    assert slugs == ["kandongfangkuaitu", "kandongfangkuaitu-2"]


@pytest.mark.usefixtures("starter")
def test_a_learners_story_has_a_short_address():
    story = StoryPage(title="我学会了挂号", teller="陈阿婆", words="我学会了挂号。")
    shelf = ShelfPage(title="经验交流", introduction="讲讲自己的事。")
    HomePage.objects.get().add_child(instance=shelf)
    hand_in_story(shelf=shelf, story=story)
    assert (shelf.slug, story.slug) == ("jingyanjiaoliu", "woxuehuileguahao")


@pytest.mark.usefixtures("starter")
def test_an_old_address_leads_to_the_new_one(django_capture_on_commit_callbacks):
    lesson = LessonPage.objects.get(slug="qr-inside")
    old = lesson.url
    with django_capture_on_commit_callbacks(execute=True):
        lesson.slug = "fangkuaitu"
        lesson.save_revision().publish()
    answer = Client().get(old)
    assert (answer.status_code, answer["Location"]) == (301, "/science/fangkuaitu/")
