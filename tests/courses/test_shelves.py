"""Shelves beside the classrooms; a learner's story is seen only when an editor has published it."""

import pytest
from wagtail.models import Page

from courses.models import (
    CoursePage,
    CoursesLesson,
    HomePage,
    LessonPage,
    ShelfPage,
    StoryPage,
    TeacherPage,
)
from courses.phrases import by_phrases
from courses.starter.shelves import load_shelves, series

pytestmark = pytest.mark.django_db

STORY = {
    "teller": "陈阿婆",
    "place": "翠洲社区",
    "words": "我学会了视频通话。现在天天看孙子。",
}


@pytest.fixture
def shelf(starter):
    shelf = ShelfPage(title="经验交流", slug="stories", introduction="听听", accepts_stories=True)
    HomePage.objects.get().add_child(instance=shelf)
    return shelf


def test_a_story_waits_for_an_editor(client, shelf):
    answer = client.post(shelf.url + "tell/", STORY)
    assert "收到了" in answer.content.decode()
    story = StoryPage.objects.get()
    assert (story.title, story.live, story.introduction) == (
        "我学会了视频通话",
        False,
        "陈阿婆，翠洲社区",
    )
    assert story.title not in client.get(shelf.url).content.decode()
    assert client.get(story.url).status_code == 404
    story.get_latest_revision().publish()
    assert by_phrases("我学会了视频通话") in client.get(shelf.url).content.decode()
    assert "天天看孙子" in client.get(story.url).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"teller": ""}, "请写怎么称呼您"),
        ({"words": ""}, "请写几句话"),
        ({"words": "长" * 601}, "600个字以内"),
        ({"words": "打我电话138 1234 5678"}, "一长串数字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, shelf, changes, said):
    answer = client.post(shelf.url + "tell/", {**STORY, **changes})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert {**STORY, **changes}["words"][:20] in answer.content.decode()
    assert not StoryPage.objects.exists()


def test_a_shelf_that_takes_no_stories_takes_none(client, shelf):
    shelf.accepts_stories = False
    shelf.save()
    client.post(shelf.url + "tell/", STORY)
    assert not StoryPage.objects.exists()
    assert "讲讲我的故事" not in client.get(shelf.url).content.decode()


def test_words_of_a_story_are_shown_as_they_were_written(client, shelf):
    client.post(shelf.url + "tell/", {**STORY, "words": "<script>alert(1)</script>好"})
    story = StoryPage.objects.get()
    story.get_latest_revision().publish()
    assert "&lt;script&gt;" in client.get(story.url).content.decode()


def test_a_course_shows_its_lessons_in_the_editors_order_without_unpublished_ones(client, shelf):
    slugs = ["scan-to-pay", "book-doctor", "call-car"]
    course = CoursePage(title="出门三课", introduction="三节课", slug="going-out")
    course.chosen_lessons = [
        CoursesLesson(lesson=LessonPage.objects.get(slug=slug), sort_order=order)
        for order, slug in enumerate(slugs)
    ]
    shelf.add_child(instance=course)
    LessonPage.objects.get(slug="book-doctor").unpublish()
    lessons = client.get(course.url).context["lessons"]
    assert [lesson.slug for lesson in lessons] == ["scan-to-pay", "call-car"]


def test_seven_on_a_shelf_are_two_screens(client, shelf):
    for number in range(7):
        story = StoryPage(title=f"故事{number}", teller="某", words="话", slug=f"s{number}")
        shelf.add_child(instance=story)
    assert client.get(shelf.url).context["on_it"].paginator.num_pages == 2
    assert Page.objects.child_of(shelf).count() == 7


def test_a_newcomer_finds_one_page_of_every_kind(client, starter):
    assert load_shelves()
    story, teacher = (client.get(kind.objects.get().url) for kind in (StoryPage, TeacherPage))
    assert story.status_code == 200
    assert len(teacher.context["lessons"]) == 3
    assert not load_shelves(), "they come once"


def test_the_starters_series_name_lessons_that_are_there(starter, shelves):
    named = {each.slug: list(each.lessons) for each in series()}
    shown = {
        page.slug: [lesson.slug for lesson in page.lessons_in_order()]
        for page in CoursePage.objects.all()
    }
    assert shown == named
    assert list(shown) == [
        "first-phone",
        "money",
        "hospital",
        "going-out",
        "not-cheated",
        "in-touch",
        "to-my-door",
        "phone-care",
    ]


def test_a_series_of_eight_lessons_is_two_screens(client, starter, shelves):
    page = CoursePage.objects.get(slug="first-phone")
    screens = [client.get(f"{page.url}?p={number}").context["lessons"] for number in (1, 2)]
    assert [len(screen) for screen in screens] == [6, 2]


def test_no_invented_people_come_to_a_real_site(settings, starter):
    settings.DEMO_ALLOWED = False
    load_shelves()
    assert [shelf.slug for shelf in ShelfPage.objects.all()] == ["courses"]
