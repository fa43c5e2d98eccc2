"""What the film of a manual shows and says, of the demo's six manuals and of drafts."""

import pytest

from lms.manuals.catalogue.practices import practice_of
from lms.manuals.choices import ProductKind
from lms.manuals.editor.services import writing
from lms.manuals.films.storyboard import fitted, script_of, storyboard_of
from lms.manuals.models import ManualVersion
from lms.manuals.starter.loading import MAKERS
from media.films.alignment import align
from media.films.clauses import clauses_of
from media.films.finger import pose_on
from media.films.layout import SUBTITLES_FROM, has_room, shown_rect, type_size
from media.films.motion import place_of
from media.films.storyboard import Scene, SceneKind, Storyboard
from media.films.timeline import SHORTEST_MS, SpokenPart, spoken_parts, timeline_of
from media.narration.sentences import in_figures, split_sentences, spoken_length
from subtitles.cues.problems import find_problems
from subtitles.tracks.script import script_cues
from tests.manuals.films.demo import unsaved_version

pytestmark = pytest.mark.django_db

#: A character is said in about so many milliseconds.
CHARACTER_MS, PAUSE_MS = 240, 300


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def test_the_films_of_the_demos_manuals_tell_all_of_them():
    folders = [folder for maker in MAKERS for folder in maker.folders]
    assert len(folders) == 6
    for version in map(unsaved_version, folders):
        storyboard = storyboard_of(version)
        assert storyboard is not None
        everything_is_named_in_order(version, storyboard)
        practice_and_film_tell_the_same_steps(version, storyboard)
        words_and_finger_are_inside_the_frame(storyboard)
        subtitles_are_the_script(storyboard)
        assert Storyboard.from_json(storyboard.as_json()) == storyboard


def everything_is_named_in_order(version, storyboard: Storyboard) -> None:
    """Warnings first, each step's before the step, troubles and the telephone at the end."""
    wanted = [version.title, *(warning.words for warning in version.warnings.all())]
    for task in version.tasks.all():
        wanted.append(task.title)
        for step in task.steps.all():
            wanted += [step.warning, step.words, step.expected]
    wanted += [trouble.remedy for trouble in version.troubles.all()]
    where = "在练习机上" if version.manual.product.is_phone else "看着图"
    wanted += [version.service_telephone, f"{where}练一练点错不要紧"]
    shown = [letters(scene.words) for scene in storyboard.scenes]
    assert shown == [letters(words) for words in wanted if words]
    said = letters(script_of(storyboard))
    for words in wanted:
        assert letters(words) in said or words == version.service_telephone
    for trouble in version.troubles.all():
        assert letters(trouble.problem) in said
    assert storyboard.scenes[0].kind == SceneKind.TITLE


def practice_and_film_tell_the_same_steps(version, storyboard: Storyboard) -> None:
    practised = [
        [(screen.title, screen.widgets[0].box) for screen in practice.screens]
        for practice in (
            practice_of(task, url_of=lambda picture: picture.file.name or "")
            for task in version.tasks.all()
        )
    ]
    filmed: list[list[Scene]] = []
    for scene in storyboard.scenes:
        if scene.number == 1:
            filmed.append([])
        if scene.number:
            filmed[-1].append(scene)
    assert len(practised) == len(filmed)
    for screens, scenes in zip(practised, filmed, strict=True):
        assert [letters(words) for words, _box in screens] == [letters(s.words) for s in scenes]
        for (_words, box), scene in zip(screens, scenes, strict=True):
            if (spot := scene.spot) is not None:  # what the finger shows is what is pressed
                assert box.x <= spot.x + spot.w / 2 <= box.x + box.w
                assert box.y <= spot.y + spot.h / 2 <= box.y + box.h
    marked = [step for task in version.tasks.all() for step in task.steps.all() if step.marker]
    spots = [scene.spot for scenes in filmed for scene in scenes if scene.spot]
    assert [(s.marker.x, s.marker.y) for s in marked] == [(spot.x, spot.y) for spot in spots]


def words_and_finger_are_inside_the_frame(storyboard: Storyboard) -> None:
    for scene in storyboard.scenes:
        assert has_room(scene, type_size(scene)), scene.words
        assert type_size(scene) >= 64
        place = place_of(scene)
        if place is None:
            continue
        within, pose = shown_rect(scene), pose_on(place)
        assert within.left <= place.left <= pose.x <= place.right <= within.right
        assert within.top <= place.top <= pose.y <= place.bottom <= within.bottom
        assert place.grown(23).bottom <= SUBTITLES_FROM
        assert pose.is_clear, scene.words


def subtitles_are_the_script(storyboard: Storyboard) -> None:
    """Each scene has its own words, and no cue breaks a rule."""
    text = script_of(storyboard)
    clauses = clauses_of(text)
    alignment = align(storyboard.scenes, clauses)
    for scene, (first, after) in zip(storyboard.scenes, alignment.spans, strict=True):
        assert "".join(clause.text for clause in clauses[first:after]) == scene.said
    at_ms, sentences = 0, []
    for sentence in split_sentences(text):
        end_ms = at_ms + CHARACTER_MS * spoken_length(sentence)
        sentences.append(SpokenPart(sentence, at_ms, end_ms))
        at_ms = end_ms + PAUSE_MS
    spoken = spoken_parts(clauses, sentences, [[] for _sentence in sentences])
    timeline = timeline_of(storyboard.scenes, alignment.spans, alignment.leads, spoken)
    assert all(timed.duration_ms >= SHORTEST_MS for timed in timeline.scenes)
    said = [
        {"text": part.text, "start_ms": part.start_ms, "end_ms": part.end_ms}
        for part in timeline.said
    ]
    scenes = [
        {
            "start_ms": timed.start_ms,
            "end_ms": timed.end_ms,
            "words": timed.scene.words,
            "number": timed.scene.number,
        }
        for timed in timeline.scenes
    ]
    cues = script_cues(said, scenes)
    assert "".join(cue.text for cue in cues) == in_figures("".join(split_sentences(text)))
    for cue, following in zip(cues, [*cues[1:], None], strict=True):
        broken = [p for p in find_problems(cue, next_cue=following) if p.breaks_rule]
        assert not broken, (cue, [str(each) for each in broken])
        assert len(cue.lines) == 1  # it never reaches into the scene


def test_a_draft_with_too_many_words_is_filmed_within_the_frame(make_manual):
    draft = make_manual(kind=ProductKind.MEDICAL).open_version()
    task = draft.tasks.get()
    step = task.steps.all()[0]
    long = "请先把机器放平再打开盖子" * 16
    writing.change_part(step, words=long[:200], warning=long[:120], expected=long[:120])
    writing.add_trouble(draft, problem=long[:60], remedy=long[:200])
    writing.change_version(draft, title=long[:60])
    storyboard = storyboard_of(ManualVersion.objects.with_content().get(pk=draft.pk))
    assert storyboard is not None
    for scene in storyboard.scenes:
        assert has_room(scene, 64), (scene.kind, scene.words)
    assert letters(long[:200]) in letters(script_of(storyboard))  # it is said all the same


def test_without_a_step_there_is_nothing_to_film(make_manual):
    draft = make_manual().open_version()
    for step in draft.tasks.get().steps.all():
        writing.change_part(step, words="")
    assert storyboard_of(ManualVersion.objects.with_content().get(pk=draft.pk)) is None


def test_a_telephone_number_is_said_sign_by_sign(make_manual):
    draft = make_manual().open_version()
    storyboard = storyboard_of(ManualVersion.objects.with_content().get(pk=draft.pk))
    [scene] = [each for each in storyboard.scenes if each.words == "400-123-4567"]
    assert scene.said == "还是不会，就打客服电话：四零零，幺二三，四五六七。"


def test_lines_are_broken_at_marks_and_letters_are_large():
    scene = Scene(kind=SceneKind.WARNING, words="", label="小心", icon="shield-warning")
    filled = fitted(scene, "手臂有伤、有肿，别绑这只手臂。")
    assert filled.words == "手臂有伤、有肿，\n别绑这只手臂"
    assert type_size(filled) == 112
