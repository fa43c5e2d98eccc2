"""What happens when a pack is newer than what is here, and when somebody here has written too."""

import json

import pytest

from courses.models import DrillPage, LessonPage
from lms.packs.exchange.models import TakenPart
from lms.packs.exchange.reading import look_into, read_courses
from lms.packs.exchange.taken import Outcome
from lms.packs.refusals import PackError
from media.models import Narration
from tests.packs.exchange.conftest import (
    FILMED,
    PICTURED,
    THIRD,
    change,
    choose_film,
    document,
    pack,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(django_user_model):
    return django_user_model.objects.create_user("lin")


def goal(folder, slug, words):
    def write(told):
        for room in told["classrooms"]:
            for lesson in room["lessons"]:
                if lesson["slug"] == slug:
                    lesson["goal"] = words

    change(folder, write)


def without(folder, slug):
    def write(told):
        for room in told["classrooms"]:
            room["lessons"] = [each for each in room["lessons"] if each["slug"] != slug]

    change(folder, write)


def outcomes(taken, outcome):
    return {page.title for page in taken.pages if page.outcome == outcome}


def newest(slug):
    return LessonPage.objects.get(slug=slug).get_latest_revision_as_object()


def test_all_that_is_new_is_a_draft(taken):
    assert LessonPage.objects.count() == 3
    assert not LessonPage.objects.live().exists()
    assert not DrillPage.objects.live().exists()


def test_a_lesson_that_was_changed_here_is_kept_and_named(taken, editor):
    mine = newest(FILMED)
    mine.fraud_line = "我们村的话"
    mine.save_revision(user=editor)
    goal(taken, FILMED, "他们改的")
    goal(taken, THIRD, "他们也改了")
    asked = look_into(taken)
    told = read_courses(taken, publish=False, by=editor)
    assert outcomes(told, Outcome.KEPT) == outcomes(asked, Outcome.KEPT) == {mine.title}
    assert (told.kept, told.changed, told.new) == (1, 1, 0)
    assert newest(FILMED).fraud_line == "我们村的话"
    assert newest(FILMED).goal != "他们改的"
    assert newest(THIRD).goal == "他们也改了"
    again = read_courses(taken, publish=False, by=editor)
    assert (again.kept, again.changed) == (1, 0)


def test_a_live_lesson_stays_as_it_is_until_somebody_publishes_the_draft(taken, editor):
    lesson = LessonPage.objects.get(slug=THIRD)
    lesson.get_latest_revision().publish()
    text = Narration.objects.get(page_id=lesson.pk).text
    goal(taken, THIRD, "他们改的")
    assert read_courses(taken, publish=False, by=editor).changed == 1
    lesson.refresh_from_db()
    assert lesson.goal != "他们改的"
    assert lesson.has_unpublished_changes
    assert Narration.objects.get(page_id=lesson.pk).text == text
    assert newest(THIRD).goal == "他们改的"


def test_what_an_editor_put_back_as_it_was_is_no_change(taken, editor):
    page = newest(FILMED)
    goal_before = page.goal
    page.goal = "别的"
    page.save_revision(user=editor)
    page.goal = goal_before
    page.save_revision(user=editor)
    goal(taken, FILMED, "他们改的")
    assert read_courses(taken, publish=False, by=editor).changed == 1


def test_two_cities_with_the_starter_have_the_same_lessons(city, tmp_path):
    pack(tmp_path)

    def other_keys(told):
        text = json.dumps(told)
        for page in LessonPage.objects.all():
            key = str(page.translation_key)
            text = text.replace(key, key[:-4] + ("0000" if key[-4:] != "0000" else "1111"))
        told.update(json.loads(text))

    change(tmp_path, other_keys)
    told = read_courses(tmp_path, publish=False, by=None)
    assert told.new == 0
    assert LessonPage.objects.count() == 3
    goal(tmp_path, FILMED, "他们改的")
    assert read_courses(tmp_path, publish=False, by=None).changed == 1


def test_a_lesson_at_the_same_address_that_was_written_here_is_kept(city, tmp_path, editor):
    pack(tmp_path)
    change(
        tmp_path,
        lambda told: told["classrooms"][0]["lessons"][0].update(
            key="00000000-0000-4000-8000-000000000001", goal="他们的", practice=None
        ),
    )
    slug = json.loads((tmp_path / "数据/courses.json").read_text())["classrooms"][0]["lessons"][0][
        "slug"
    ]
    mine = newest(slug)
    mine.save_revision(user=editor)
    told = read_courses(tmp_path, publish=False, by=editor)
    assert outcomes(told, Outcome.KEPT) == {mine.title}


def test_only_chosen_lessons_come(packed):
    rooms = document(packed)["classrooms"]
    [key] = [each["key"] for room in rooms for each in room["lessons"] if each["slug"] == THIRD]
    told = read_courses(packed, publish=False, by=None, only=[key])
    assert [page.slug for page in LessonPage.objects.all()] == [THIRD]
    assert "课堂" in {page.kind for page in told.pages}


def test_a_box_follows_its_city(boxed):
    goal(boxed, THIRD, "城里改的")
    without(boxed, PICTURED)
    (boxed / "清单.json").write_text('{"scope": "all"}')
    told = read_courses(boxed, publish=True, by=None)
    assert (told.changed, told.gone) == (1, told.gone)
    assert LessonPage.objects.get(slug=THIRD).goal == "城里改的"
    gone = LessonPage.objects.get(slug=PICTURED)
    assert not gone.live
    assert outcomes(told, Outcome.GONE) >= {gone.title}
    again = read_courses(boxed, publish=True, by=None)
    assert (again.changed, again.gone) == (0, 0)


def test_a_pack_that_is_not_whole_takes_nothing_away(boxed):
    without(boxed, PICTURED)
    (boxed / "清单.json").write_text('{"scope": "series:first-phone"}')
    assert read_courses(boxed, publish=True, by=None).gone == 0
    assert LessonPage.objects.get(slug=PICTURED).live


def test_a_lesson_that_came_back_is_live_again(boxed):
    whole = (boxed / "数据/courses.json").read_bytes()
    (boxed / "清单.json").write_text('{"scope": "all"}')
    without(boxed, PICTURED)
    read_courses(boxed, publish=True, by=None)
    (boxed / "数据/courses.json").write_bytes(whole)
    read_courses(boxed, publish=True, by=None)
    assert LessonPage.objects.get(slug=PICTURED).live
    assert LessonPage.objects.count() == 3


def test_lessons_stand_in_their_citys_order(boxed):
    change(boxed, lambda told: [room["lessons"].reverse() for room in told["classrooms"]])
    wanted = {
        room["slug"]: [lesson["slug"] for lesson in room["lessons"]]
        for room in json.loads((boxed / "数据/courses.json").read_text())["classrooms"]
    }
    read_courses(boxed, publish=True, by=None)
    for room, slugs in wanted.items():
        pages = LessonPage.objects.filter(url_path__contains=f"/{room}/").order_by("path")
        assert [page.slug for page in pages] == slugs


def test_a_failure_half_way_leaves_nothing(packed, tmp_path, monkeypatch, settings):
    left = {path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}

    def fail(*_args, **_more):
        raise PackError("没电了")

    monkeypatch.setattr("lms.packs.exchange.reading.unpublish_gone", fail)
    with pytest.raises(PackError):
        read_courses(packed, publish=True, by=None)
    assert not LessonPage.objects.exists()
    assert not TakenPart.objects.exists()
    now = {path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}
    assert {path.parent.name for path in now - left} <= {"kept-pages"}
    assert not list((tmp_path / "work").glob("*"))


def test_a_film_that_was_chosen_here_stays_where_the_pack_brings_none(city, tmp_path):
    pack(tmp_path)
    lesson = choose_film()
    lesson.revisions.update(user=None)
    goal(tmp_path, THIRD, "他们改的")
    assert read_courses(tmp_path, publish=False, by=None).changed == 1
    assert newest(THIRD).goal == "他们改的"
    assert newest(THIRD).video_id == lesson.video_id
