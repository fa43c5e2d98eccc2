"""The starter content becomes pages, and never walks over an editor's work."""

import json
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from wagtail.models import Page

from courses.blocks.drill import items_of
from courses.choices import Subject
from courses.films.publishing import ask_for_film
from courses.management.commands import load_starter as load_starter_command
from courses.models import ClassroomPage, DrillPage, HomePage, LessonPage, PracticePage
from courses.starter import loading
from courses.starter.loading import SAMPLE_LESSON, add_sample_video, load_starter
from media.choices import StageState
from media.models import Stage, Video
from media.pipeline.services import plan_stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def curriculum():
    return json.loads((loading.STARTER_DIR / "curriculum.json").read_text())


@pytest.fixture
def newer_starter(monkeypatch, tmp_path, curriculum):
    """A starter of a later release, in which one lesson has another goal."""
    lesson = curriculum["lessons"][0]
    lesson["goal"] = "明白信号是怎么来的。"
    (tmp_path / "curriculum.json").write_text(json.dumps(curriculum))
    monkeypatch.setattr(loading, "STARTER_DIR", tmp_path)
    return lesson


def test_it_makes_a_home_four_classrooms_and_every_lesson(curriculum):
    loaded = load_starter()
    home = HomePage.objects.get()
    assert home.get_site().root_page_id == home.pk
    classrooms = ClassroomPage.objects.child_of(home).live()
    assert [classroom.subject for classroom in classrooms] == Subject.values
    assert len(loaded.created) == LessonPage.objects.live().count() == len(curriculum["lessons"])
    for entry in curriculum["classrooms"]:
        lessons = LessonPage.objects.child_of(classrooms.get(slug=entry["slug"]))
        numbers = {lesson["slug"]: lesson["number"] for lesson in curriculum["lessons"]}
        assert [numbers[lesson.slug] for lesson in lessons] == entry["lessons"]
    practices = [lesson["slug"] for lesson in curriculum["lessons"] if lesson["practice"]]
    assert loaded.plays.created == [*practices, "drill"]


def test_a_lesson_holds_all_that_the_curriculum_says(with_starter, curriculum):
    for entry in curriculum["lessons"]:
        lesson = LessonPage.objects.get(slug=entry["slug"])
        lesson.full_clean()
        assert [step.value["words"] for step in lesson.steps] == entry["steps"]
        [quiz] = lesson.quizzes
        assert list(quiz.value["options"]) == entry["quiz"]["options"]
        assert int(quiz.value["answer"]) == entry["quiz"]["answer_index"]
        assert lesson.goal == entry["goal"]
        assert lesson.fraud_line == entry["fraud_line"]
        assert lesson.offline_route == entry["offline_route"]
        assert lesson.narration == entry["narration"]
        assert lesson.scenarios == entry["scenario"]


def test_it_makes_every_practice_under_its_lesson_and_the_drill_in_its_classroom(
    with_starter, curriculum
):
    practices = {e["slug"]: e["practice"] for e in curriculum["lessons"] if e["practice"]}
    for slug, practice in practices.items():
        page = PracticePage.objects.child_of(LessonPage.objects.get(slug=slug)).get()
        page.full_clean()
        assert [block.value["title"] for block in page.screens] == [
            screen["title"] for screen in practice["screens"]
        ]
    drill = DrillPage.objects.child_of(ClassroomPage.objects.get(subject=Subject.ANTI_FRAUD)).get()
    lessons = dict(LessonPage.objects.values_list("slug", "pk"))
    numbers = {lesson["number"]: lessons[lesson["slug"]] for lesson in curriculum["lessons"]}
    for item, entry in zip(items_of(drill.items), curriculum["drills"], strict=True):
        assert (item.text, item.verdict) == (entry["text"], entry["verdict"])
        assert list(item.lessons) == [numbers[number] for number in entry["lessons"]]


def test_loading_twice_changes_nothing(with_starter, curriculum):
    before = list(Page.objects.values_list("pk", "latest_revision_id"))
    again = load_starter()
    slugs = [lesson["slug"] for lesson in curriculum["lessons"]]
    plays = [lesson["slug"] for lesson in curriculum["lessons"] if lesson["practice"]]
    assert (again.created, again.updated, again.left_alone) == ([], [], slugs)
    assert (again.plays.created, again.plays.updated) == ([], [])
    assert again.plays.left_alone == [*plays, "drill"]
    assert list(Page.objects.values_list("pk", "latest_revision_id")) == before


def test_a_newer_starter_renews_a_lesson_that_nobody_changed(with_starter, newer_starter):
    assert load_starter().updated == [newer_starter["slug"]]
    assert LessonPage.objects.get(slug=newer_starter["slug"]).goal == newer_starter["goal"]


def test_a_newer_starter_leaves_an_editors_change_alone_even_a_draft(with_starter, newer_starter):
    lesson = LessonPage.objects.get(slug=newer_starter["slug"])
    published_goal = lesson.goal
    lesson.goal = "编辑改过的目标。"
    lesson.save_revision(user=get_user_model().objects.create_user("lin"))
    assert load_starter().updated == []
    lesson.refresh_from_db()
    assert lesson.goal == published_goal
    assert lesson.get_latest_revision_as_object().goal == "编辑改过的目标。"


def test_the_sample_video_is_given_once_and_an_editors_choice_stays(
    with_starter, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    video = add_sample_video(title="示范视频")
    assert LessonPage.objects.get(slug=SAMPLE_LESSON).video == video
    chosen = Video.objects.create(title="编辑选的")
    LessonPage.objects.filter(slug=SAMPLE_LESSON).update(video=chosen)
    assert add_sample_video(title="示范视频") == video
    assert LessonPage.objects.get(slug=SAMPLE_LESSON).video == chosen
    assert Video.objects.count() == 2


def test_where_films_are_made_the_sample_is_on_no_page_and_films_come_in_order(
    with_starter, settings, tmp_path
):
    settings.MEDIA_ROOT, settings.LESSON_FILMS = tmp_path, True
    for slug in ("phone-network", "qr-inside", SAMPLE_LESSON):
        ask_for_film(LessonPage.objects.get(slug=slug))
    add_sample_video(title="示范视频")
    assert not LessonPage.objects.filter(video__isnull=False).exists()
    plan_stages()
    films = Stage.objects.filter(kind="film").order_by("due_at", "pk")
    order = films.values_list("video__film__narration__page__slug", flat=True)
    assert list(order) == [SAMPLE_LESSON, "phone-network", "qr-inside"]


@pytest.mark.parametrize("allowed", [True, False])
def test_in_earnest_no_lesson_shows_the_sample_video(
    with_starter, settings, tmp_path, monkeypatch, allowed
):
    settings.MEDIA_ROOT, settings.DEMO_ALLOWED = tmp_path, allowed
    for long in ("attach_recordings", "ask_for_films", "load_shelves", "ask_for_covers"):
        monkeypatch.setattr(load_starter_command, long, lambda: None)
    call_command("load_starter", stdout=StringIO())
    assert (LessonPage.objects.get(slug=SAMPLE_LESSON).video is not None) is allowed


def test_what_had_failed_of_the_sample_video_is_tried_again(with_starter, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    video = add_sample_video(title="示范视频")
    stage = video.stages.create(kind="probe", state=StageState.FAILED, message="没有成功。")
    add_sample_video(title="示范视频")
    stage.refresh_from_db()
    assert stage.state == StageState.QUEUED
