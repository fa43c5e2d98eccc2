"""An editor sees a draft as the film that it would become, and moves the borders of its scenes."""

import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.films.drafts import draft_of
from courses.films.storyboard import storyboard_of
from courses.models import LessonPage
from courses.starter import loading
from courses.starter.recordings import attach_recordings
from media.films.making import told
from media.films.stills import stills_folder
from media.films.timeline import SpokenPart
from media.models import Film, Narration
from media.narration.sentences import split_sentences

pytestmark = pytest.mark.django_db
CURRICULUM = json.loads((loading.STARTER_DIR / "curriculum.json").read_text())
SLUG = "weather-warning"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Where pictures are kept, for all tests of this module: they take longest."""
    return tmp_path_factory.mktemp("drawn")


@pytest.fixture
def lesson(settings, tmp_path, drawn):
    """A lesson of the starter that is read aloud, published."""
    settings.LESSON_FILMS = True
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path / "media", drawn
    home = loading.find_or_make_home("银龄学堂")
    [entry] = [each for each in CURRICULUM["lessons"] if each["slug"] == SLUG]
    [room] = [each for each in CURRICULUM["classrooms"] if each["slug"] == entry["classroom"]]
    entry = {**entry, "practice": None}  # each of its screens would be drawn
    loading.load_lesson(loading.find_or_make_classroom(home, room), entry, loading.Loaded())
    attach_recordings()
    return LessonPage.objects.get(slug=SLUG)


def moved_border(lesson: LessonPage, *, number: int) -> dict[str, object]:
    """The scene begins one clause later than the machine has it."""
    scene = draft_of(lesson).scenes[number]
    assert len(scene.clauses) > 1
    shown, clause = scene.timed.scene, scene.clauses[1]
    return {
        "scene": shown.key,
        "words": shown.one_line,
        "clause": clause.text,
        "nth": clause.nth,
    }


def speaking_scene(lesson: LessonPage) -> int:
    """One that says several clauses, behind one that is not silent."""
    scenes = draft_of(lesson).scenes
    return next(
        number
        for number, scene in enumerate(scenes)
        if number > 2 and scene.is_movable and len(scene.clauses) > 1
    )


def posted(lesson: LessonPage, **changed: object) -> dict[str, object]:
    """The editor's form as its browser sends it."""
    steps = [("step", {"words": block.value["words"]}) for block in lesson.steps]
    values = {
        "title": lesson.title,
        "slug": lesson.slug,
        "goal": lesson.goal,
        "makes_film": "on",
        "steps": streamfield(steps),
        "quizzes": streamfield([]),
        "fraud_line": lesson.fraud_line,
        "offline_route": lesson.offline_route,
        "narration": lesson.narration,
        "scene_borders": "[]",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        **changed,
    }
    return nested_form_data(values)


def test_the_draft_of_what_is_read_aloud_has_the_films_own_times(lesson, tmp_path):
    draft = draft_of(lesson)
    narration = Narration.objects.get(page=lesson)
    sentences = [SpokenPart(s["text"], s["start_ms"], s["end_ms"]) for s in narration.sentences]
    film = told(storyboard_of(lesson), Path(narration.audio.path), sentences, folder=tmp_path)
    assert [scene.timed for scene in draft.scenes] == list(film.scenes)
    assert draft.is_read
    assert draft.sound == narration.audio.url
    # Where the film's sound is at a moment, there the preview's is.
    for start_ms, end_ms, heard_ms in draft.film["heard"]:
        [stretch] = [
            s
            for s in film.stretches
            if s.at_ms <= start_ms and s.at_ms + s.to_ms - s.from_ms >= end_ms
        ]
        assert heard_ms - start_ms == stretch.from_ms - stretch.at_ms
    assert all((stills_folder() / f"{scene.still}.jpg").exists() for scene in draft.scenes)
    assert "".join(cue[2] for cue in draft.film["cues"]) == "".join(
        s["text"] for s in narration.sentences
    )


def test_what_nobody_has_read_yet_is_estimated_and_silent(lesson):
    before = draft_of(lesson)
    lesson.narration = lesson.narration.replace("人比什么都要紧。", "人比什么都要紧，东西不要拿。")
    after = draft_of(lesson)
    assert not after.is_read
    assert after.sound
    silent = [clause.text for s in after.scenes for clause in s.clauses if clause.heard_ms is None]
    [changed] = [each for each in split_sentences(lesson.narration) if "东西不要拿" in each]
    assert "".join(silent) == changed
    assert abs(after.seconds - before.seconds) < 5


def test_a_moved_border_is_published_with_the_page_and_the_film_asked_for_anew(lesson):
    number = speaking_scene(lesson)
    assert draft_of(lesson).state == "已经发布，视频正在照这样做。"
    digest = Film.objects.get().storyboard_digest
    border = moved_border(lesson, number=number)
    lesson.scene_borders = [border]
    lesson.full_clean()
    revision = lesson.save_revision()
    draft = draft_of(LessonPage.objects.get(pk=lesson.pk))  # learners' version is as it was
    assert draft.moved_count == 0
    draft = draft_of(lesson)
    assert draft.moved_count == 1
    assert draft.scenes[number].clauses[0].text == border["clause"]
    assert draft.state.startswith("和学员看的不一样")
    assert Film.objects.get().storyboard_digest == digest
    revision.publish()
    lesson = LessonPage.objects.get(pk=lesson.pk)
    assert lesson.scene_borders == [border]
    assert Film.objects.get().storyboard_digest != digest
    assert Film.objects.get().storyboard["moved"] == [border]
    assert draft_of(lesson).state == "已经发布，视频正在照这样做。"


def test_the_panel_shows_the_form_as_it_stands_and_says_what_was_dropped(lesson, admin_client):
    address = reverse("courses_storyboard", args=[lesson.pk])
    border = moved_border(lesson, number=speaking_scene(lesson))
    page = admin_client.post(
        address, posted(lesson, scene_borders=json.dumps([border]))
    ).content.decode()
    assert page.count('data-moved="True"') == 1
    assert "您挪了 1 处" in page
    assert page.count("data-clause data-nth") == sum(
        len(s.clauses) for s in draft_of(lesson).scenes
    )
    [still] = set(re.findall(r'src="(/admin/storyboards/stills/\w+\.jpg)"', page)[:1])
    assert admin_client.get(still)["Content-Type"] == "image/jpeg"

    gone = {**border, "clause": "这句话改掉了。"}
    page = admin_client.post(
        address, posted(lesson, scene_borders=json.dumps([gone]))
    ).content.decode()
    assert 'data-moved="True"' not in page
    assert "原来从“这句话改掉了。”开始" in page


def test_only_who_may_edit_the_page_sees_its_storyboard(lesson, client, django_user_model):
    address = reverse("courses_storyboard", args=[lesson.pk])
    assert client.post(address).status_code == 302  # to the sign-in
    client.force_login(django_user_model.objects.create_user("somebody"))
    assert client.post(address).status_code in {302, 403}


@pytest.mark.parametrize("kept", ["x", {"scene": "a"}, [{"scene": "a"}]])
def test_what_is_no_border_is_not_saved(lesson, kept):
    lesson.scene_borders = kept
    with pytest.raises(ValidationError, match="再挪一次"):
        lesson.full_clean()
