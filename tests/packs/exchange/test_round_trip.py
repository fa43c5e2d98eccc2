"""Lessons of one city are the same lessons in another."""

import json
import re
from hashlib import sha256

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Site

from courses.models import CoursePage, DrillPage, HomePage, LessonPage, PracticePage
from lms.packs.exchange.document import json_schema
from lms.packs.exchange.reading import look_into, read_courses
from lms.packs.exchange.taken import Outcome
from media.choices import StageState
from media.models import Film, Narration, Picture, Stage, Video
from media.models.videos import KEEPSAKE
from media.pipeline import services
from subtitles.models import Track
from tests.packs.exchange.conftest import (
    FILMED,
    PICTURED,
    THIRD,
    another_city,
    document,
    pack,
    put_pictures,
)

pytestmark = pytest.mark.django_db


def words_of(page):
    """Of the page as a learner reads it, without its tags and what is new with each answer."""
    response = Client().get(page.url)
    assert response.status_code == 200, page.url
    html = re.sub(
        r"<(script|style|svg|head)\b.*?</\1>|<[^>]+>",
        " ",
        response.content.decode(),
        flags=re.DOTALL,
    )
    return re.sub(r"\s+", " ", html)


def site():
    return {page.url: words_of(page) for page in LessonPage.objects.live()}


def name_the_site(name="海珠区银龄学堂"):
    Site.objects.update(site_name=name)


@pytest.mark.thorough("54 lessons; three with all that a lesson can have go the same way")
def test_the_whole_starter_into_an_empty_city_and_again(with_starter, shelves, tmp_path):
    name_the_site()
    pack(tmp_path)
    told, read = document(tmp_path), site()
    assert len(read) == 54
    another_city()
    taken = read_courses(tmp_path, publish=True, by=None)
    assert (taken.new, taken.changed, taken.kept) == (len(taken.pages), 0, 0)
    name_the_site()
    pack(tmp_path / "back")
    assert document(tmp_path / "back") == told, "blocks, practices, drills, series, keys"
    assert site() == read
    for kind in (PracticePage, DrillPage, CoursePage):
        assert [words_of(page) for page in kind.objects.live()]
    before = set(LessonPage.objects.values_list("pk", "latest_revision"))
    again = read_courses(tmp_path, publish=True, by=None)
    assert again.untouched == len(again.pages) == len(taken.pages)
    assert set(LessonPage.objects.values_list("pk", "latest_revision")) == before


def test_pictures_are_the_same_files(boxed):
    named = {picture["file"].split("/")[1][:64] for picture in document(boxed)["pictures"]}
    assert {sha256(each.file.read()).hexdigest() for each in Picture.objects.all()} == named
    lesson = LessonPage.objects.get(slug=PICTURED)
    assert lesson.picture.title == "自己拍的"
    shown = lesson.steps[0].value["picture"]
    assert (shown.title, shown.contextual_alt_text) == ("一步", "一只手")
    again = read_courses(boxed, publish=True, by=None)
    assert again.untouched == len(again.pages)
    assert (Picture.objects.count(), Video.objects.count()) == (2, 2)


def test_a_film_that_was_made_comes_as_it_is_and_is_not_made_again(boxed):
    lesson = LessonPage.objects.get(slug=FILMED)
    narration = Narration.objects.get(page_id=lesson.pk)
    assert narration.reads_the_text
    assert not narration.stages.exists()
    film = Film.objects.get(narration=narration)
    assert film.said[1]["text"] == "再出门。"
    assert [r.name for r in film.video.moving_renditions] == ["720p"]
    assert film.video.poster
    assert film.video.thumbnails.count() == 1
    track = Track.objects.get(video=film.video)
    assert track.is_from_script
    assert "".join(cue.text for cue in track.cues.all()).startswith("先看一眼天气")
    services.plan_stages()
    assert services.claim_due_stages(limit=8, video=film.video) == []
    assert "<video" in Client().get(lesson.url).content.decode()
    lesson.save_revision().publish()  # by an editor who changed nothing
    assert services.claim_due_stages(limit=8, video=film.video) == []


def test_of_a_draft_the_film_is_there_when_an_editor_publishes_it(taken):
    lesson = LessonPage.objects.get(slug=FILMED)
    practice = PracticePage.objects.child_of(lesson).get()
    assert not lesson.live
    [video] = Video.objects.filter(film__narration__page_id=lesson.pk)
    files = set(video.renditions.values_list("file", flat=True))
    practice.get_latest_revision().publish()
    lesson.get_latest_revision().publish()
    video.refresh_from_db()
    assert set(video.renditions.values_list("file", flat=True)) == files
    due = services.claim_due_stages(limit=8, video=video)
    assert {stage.kind for stage in due} <= {KEEPSAKE}, "it is carried away from here too"


def test_a_film_of_the_pack_is_named_and_not_copied(filmed, tmp_path):
    rendition = Film.objects.get().video.moving_renditions[0]
    (tmp_path / "课程").mkdir()
    (tmp_path / "课程/01 看天气.mp4").write_bytes(rendition.file.read())
    pack(tmp_path, films={filmed.pk: "课程/01 看天气.mp4"})
    [room] = [r for r in document(tmp_path)["classrooms"] if any(x["film"] for x in r["lessons"])]
    [film] = [lesson["film"] for lesson in room["lessons"] if lesson["film"]]
    assert film["files"][0]["path"] == "课程/01 看天气.mp4"
    assert not film["has_words_in_picture"]
    assert not list(tmp_path.glob("数据/films/*"))


def test_a_film_with_its_words_in_the_picture_shows_no_others(filmed, tmp_path):
    # Any other file than a rendition: as the stick burns subtitles in.
    plain = Film.objects.get().video.moving_renditions[0].file.read()
    burnt = plain + bytes([0, 0, 0, 8]) + b"free"
    (tmp_path / "课程").mkdir()
    (tmp_path / "课程/01.mp4").write_bytes(burnt)
    pack(tmp_path, films={filmed.pk: "课程/01.mp4"})
    another_city()
    read_courses(tmp_path, publish=True, by=None)
    video = Film.objects.get().video
    assert not Track.objects.exists()
    assert video.keepsake is not None
    assert services.claim_due_stages(limit=8, video=video) == []


def test_a_film_that_somebody_chose_comes_with_its_subtitles(boxed):
    lesson = LessonPage.objects.get(slug=THIRD)
    assert lesson.video.title == "验证码别给人"
    [cue] = Track.objects.get(video=lesson.video).cues.all()
    assert cue.text == "验证码\n谁也别给"
    states = set(lesson.video.stages.values_list("state", flat=True))
    assert states == {StageState.DONE}
    services.plan_stages()
    assert services.claim_due_stages(limit=8, video=lesson.video) == []


def test_without_its_films_a_lesson_comes_without_a_film(packed):
    for film in packed.glob("数据/films/*"):
        film.unlink()
    read_courses(packed, publish=True, by=None)
    assert LessonPage.objects.get(slug=THIRD).video is None


def test_the_same_content_is_the_same_bytes_and_what_went_is_taken_away(city, tmp_path):
    pictured = put_pictures()
    pack(tmp_path)

    def files():
        return {
            path: path.stat().st_mtime_ns for path in tmp_path.glob("数据/**/*") if path.is_file()
        }

    before = files()
    pack(tmp_path)
    assert files() == before
    LessonPage.objects.get(slug=pictured.slug).unpublish()
    pack(tmp_path)
    assert len(list(tmp_path.glob("数据/pictures/*.png"))) == 0


def test_nothing_goes_out_that_is_a_draft_or_a_note_of_editors(city, tmp_path):
    lesson = LessonPage.objects.get(slug=THIRD)
    lesson.staff_note = "问一下王主任"
    lesson.save_revision().publish()
    LessonPage.objects.get(slug=FILMED).unpublish()
    pack(tmp_path)
    text = (tmp_path / "数据/courses.json").read_text()
    assert "王主任" not in text
    assert FILMED not in text


def test_the_schema_in_the_documentation_is_that_of_the_program():
    kept = json.loads((settings.BASE_DIR / "docs/course-pack.schema.json").read_text())
    assert kept == json_schema()


def test_it_says_whose_the_lessons_are_and_keeps_that_when_they_go_on(city, tmp_path):
    name_the_site("海珠区")
    pack(tmp_path)
    another_city()
    read_courses(tmp_path, publish=True, by=None)
    name_the_site("从化区")
    pack(tmp_path / "on")
    rights = {
        tuple(lesson["rights"].items())
        for room in document(tmp_path / "on")["classrooms"]
        for lesson in room["lessons"]
    }
    assert rights == {(("licence", "CC BY-SA 4.0"), ("source", "海珠区"))}


def test_a_city_that_takes_its_own_pack_finds_everything_as_it_is(city, tmp_path):
    pack(tmp_path)
    taken = read_courses(tmp_path, publish=False, by=None)
    assert taken.untouched == len(taken.pages) > 5
    assert HomePage.objects.count() == 1
    assert not Stage.objects.filter(video__isnull=False, state=StageState.RUNNING).exists()


def test_a_preview_says_the_same_and_writes_nothing(city, tmp_path):
    pack(tmp_path)
    assert {page.outcome for page in look_into(tmp_path).pages} == {Outcome.UNTOUCHED}
    another_city()
    told = look_into(tmp_path)
    assert {page.outcome for page in told.pages} == {Outcome.NEW}
    assert not LessonPage.objects.exists()
