"""A published lesson becomes a film by itself, and its page shows it with subtitles."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from courses.choices import Subject
from courses.films.lines import broken
from courses.films.publishing import ask_for_film
from courses.films.storyboard import lesson_storyboard
from courses.models import LessonPage, PracticePage
from courses.starter import loading
from courses.starter.recordings import attach_recordings
from media.choices import StageState
from media.ffmpeg.loudness import measure_loudness
from media.films import passages
from media.films.alignment import align
from media.films.clauses import clauses_of
from media.films.drawing import draw_scenes
from media.films.finger import pose_on
from media.films.motion import last_picture, place_of, read_picture
from media.films.services import kept_films
from media.films.sound import sound_name
from media.films.storyboard import Scene, SceneKind, Storyboard
from media.films.timeline import SHORTEST_MS, SpokenPart, spoken_parts, timeline_of
from media.models import Film, Stage, Video
from media.narration.sentences import in_figures, split_sentences
from media.pipeline import services
from subtitles.choices import TrackState
from subtitles.cues.problems import find_problems
from subtitles.models import Track
from subtitles.tracks.script import script_cues

pytestmark = pytest.mark.django_db
CURRICULUM = json.loads((loading.STARTER_DIR / "curriculum.json").read_text())
SPANS = json.loads((loading.STARTER_DIR / "narration/spans.json").read_text())
SLUG = "weather-warning"


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.fixture(scope="module")
def storyboards(django_db_setup, django_db_blocker):
    """Every starter lesson with its storyboard and its timeline; the times of clauses by share."""
    with django_db_blocker.unblock():
        return [_told(entry) for entry in CURRICULUM["lessons"]]


def _told(entry):
    lesson = LessonPage(slug=entry["slug"], **loading.lesson_values(entry))
    practice = None
    if entry["practice"]:
        practice = PracticePage(**loading.practice_values(entry["practice"])).practice
    storyboard = lesson_storyboard(lesson, subject=Subject(entry["classroom"]), practice=practice)
    clauses = clauses_of(lesson.text_to_read)
    texts = split_sentences(lesson.narration)
    spans = SPANS[entry["slug"]]["spans_ms"] if entry["slug"] in SPANS else _unhurried(texts)
    sentences = [SpokenPart(text, *span) for text, span in zip(texts, spans, strict=True)]
    alignment = align(storyboard.scenes, clauses)
    spoken = spoken_parts(clauses, sentences, [[] for _sentence in sentences])
    timeline = timeline_of(storyboard.scenes, alignment.spans, alignment.leads, spoken)
    return entry, storyboard, timeline


def _unhurried(texts):
    """When each would be said by a voice of four to five characters a second."""
    spans, at_ms = [], 300
    for text in texts:
        spans.append((at_ms, at_ms + len(text) * 1000 * 10 // 46))
        at_ms = spans[-1][1] + 550
    return spans


def test_the_scenes_of_every_lesson_name_all_that_it_teaches(storyboards):
    assert len(storyboards) == len(CURRICULUM["lessons"])
    for entry, storyboard, _timeline in storyboards:
        shown = [letters(scene.words) for scene in storyboard.scenes]
        for words in (entry["title"], entry["goal"], *entry["steps"]):
            assert letters(words) in shown, (entry["slug"], words)
        kinds = Counter(scene.kind for scene in storyboard.scenes)
        assert kinds[SceneKind.WARNING] == kinds[SceneKind.WITHOUT_A_PHONE] == 1
        assert storyboard.scenes[0].kind == SceneKind.TITLE
        assert storyboard.scenes[-1].kind == SceneKind.CLOSING
        assert kinds[SceneKind.PHONE] >= 3 or not entry["practice"], entry["slug"]


def test_every_scene_stands_long_enough_and_all_that_is_said_has_its_scene(storyboards):
    for entry, _storyboard, timeline in storyboards:
        assert all(timed.duration_ms >= SHORTEST_MS for timed in timeline.scenes)
        assert "".join(part.text for part in timeline.said) == "".join(
            split_sentences(entry["narration"])
        )
        for before, after in zip(timeline.scenes, timeline.scenes[1:], strict=False):
            if before.stretch and after.stretch:
                rest_ms = after.said[0].start_ms - before.said[-1].end_ms
                assert rest_ms >= 500, (entry["slug"], after.scene.words)


def test_no_film_begins_with_silence(storyboards):
    for entry, _storyboard, timeline in storyboards:
        assert timeline.scenes[0].said, entry["slug"]


def test_a_screen_never_stands_under_a_step_that_is_told_before_it(storyboards):
    """The practice of this lesson begins with what its fourth step is about."""
    [[_entry, storyboard, _timeline]] = [s for s in storyboards if s[0]["slug"] == "opera-no-fee"]
    shown = [scene.number for scene in storyboard.scenes if scene.phone and scene.number]
    assert shown == [3, 6]


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        (
            "拿着手机，从屋里走到窗边。看看屏幕顶上的小竖条，哪里最多。",
            14,
            ["拿着手机，从屋里走到窗边。", "看看屏幕顶上的小竖条，", "哪里最多"],
        ),
        ("看清店名、钱数，再按。", 9, ["看清店名、钱数，", "再按"]),
        ("家里的座机不靠手机信号照样打", 9, ["家里的座机不靠", "手机信号照样打"]),
    ],
)
def test_lines_end_with_a_clause_where_there_is_room(words, width, lines):
    assert broken(words, width) == "\n".join(lines)


@pytest.mark.parametrize("every", [
    20, pytest.param(1, marks=pytest.mark.thorough("each twentieth lesson is asked every time")),
], ids=["some", "all"])  # fmt: skip
def test_subtitles_are_the_script_and_break_no_rule(storyboards, every):
    for entry, _storyboard, timeline in storyboards[::every]:
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
        script = in_figures("".join(split_sentences(entry["narration"])))
        assert "".join(cue.text for cue in cues) == script
        for cue, following in zip(cues, [*cues[1:], None], strict=True):
            broken = [p for p in find_problems(cue, next_cue=following) if p.breaks_rule]
            assert not broken, (entry["slug"], cue, [str(each) for each in broken])
            assert len(cue.lines) == 1  # it never reaches into the scene
        assert any(cue.chapter for cue in cues)


def test_the_finger_lies_on_its_place_within_the_safe_area(storyboards):
    for entry, storyboard, _timeline in storyboards:
        for scene in storyboard.scenes:
            place = place_of(scene)
            if place is None:
                continue
            pose = pose_on(place)
            assert place.left <= pose.x <= place.right, (entry["slug"], scene.words)
            assert place.top <= pose.y <= place.bottom
            assert pose.is_clear, (entry["slug"], scene.words)


@pytest.fixture(
    params=[
        ["720p"],
        pytest.param(
            ["1080p", "720p", "360p"],
            marks=pytest.mark.thorough("one size every time; test_renditions makes all of a film"),
        ),
    ],
    ids=["one size", "all sizes"],
)
def sizes(request, monkeypatch):
    """In which the film is made."""
    made = [spec for spec in passages.SPECS if spec.name in request.param]
    monkeypatch.setattr(passages, "SPECS", made)
    return request.param


@pytest.fixture
def lesson(settings, tmp_path):
    """A lesson of the starter that is read aloud already, published."""
    settings.LESSON_FILMS = True
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path / "media", tmp_path
    home = loading.find_or_make_home("银龄学堂")
    [entry] = [each for each in CURRICULUM["lessons"] if each["slug"] == SLUG]
    [room] = [each for each in CURRICULUM["classrooms"] if each["slug"] == entry["classroom"]]
    loading.load_lesson(loading.find_or_make_classroom(home, room), entry, loading.Loaded())
    attach_recordings()
    return LessonPage.objects.get(slug=SLUG)


def work_on(video: Video) -> None:
    """What a worker does, until nothing is due."""
    services.plan_stages()
    while claimed := services.claim_due_stages(limit=8, video=video):
        for stage in claimed:
            assert stage.token is not None
            services.run_stage(stage.pk, token=stage.token)


def film_of(lesson: LessonPage) -> Film:
    return Film.objects.select_related("video").get(narration__page=lesson)


@pytest.mark.city
def test_a_published_lesson_is_watched_with_subtitles(
    lesson, sizes, monkeypatch, tmp_path, admin_client
):
    video = film_of(lesson).video
    encoded = count_passages(monkeypatch, dies_after=3)
    work_on(video)
    assert video.stages.get(kind="film").state == StageState.QUEUED  # its worker has died
    kept = {path.name for path in (tmp_path / "films/passages").iterdir()}
    sounds = kept_sounds()
    Stage.objects.update(due_at=video.created_at)
    work_on(video)
    stages = {stage.kind: (stage.state, stage.message) for stage in video.stages.all()}
    assert stages == dict.fromkeys(("film", "script", "keepsake"), (StageState.DONE, ""))
    film = film_of(lesson)
    # What the dead worker had made was not made again.
    assert len(encoded) == len(film.scenes) + 1
    assert kept <= {path.name for path in (tmp_path / "films/passages").iterdir()}
    assert kept_sounds() == sounds
    it_is_one_film(film, sizes)
    if connection.vendor == "sqlite":
        its_pictures_stand_when_they_should(film)
    its_page_shows_it(lesson, film)
    editors_see_where_it_comes_from(film, admin_client)
    only_what_changed_is_made_again(lesson, encoded)


def count_passages(monkeypatch, *, dies_after: int) -> list[str]:
    """Lists each passage that is encoded; once that many are, the next attempt fails."""
    encode, encoded = passages.encode_passage, []

    def counted(shown, targets):
        encoded.append(targets[0].name)
        if len(encoded) == dies_after + 1:
            raise OSError("the worker died")
        encode(shown, targets)

    monkeypatch.setattr(passages, "encode_passage", counted)
    return encoded


def it_is_one_film(film: Film, sizes: list[str]) -> None:
    video = film.video
    assert [r.name for r in video.moving_renditions] == sizes
    minutes = video.duration_ms / 60_000
    assert sum(r.size_bytes for r in video.renditions.all()) < 10e6 * minutes * 2
    assert video.keepsake.size_bytes <= 10e6 * minutes
    assert video.poster
    assert video.thumbnails.count() == len(film.scenes)
    for rendition in (*video.moving_renditions, video.keepsake):
        with av.open(rendition.file.path) as opened:
            [picture], [sound] = opened.streams.video, opened.streams.audio
            ends = [float(s.duration * s.time_base) * 1000 for s in (picture, sound)]
        assert abs(ends[0] - ends[1]) <= 100, (rendition.name, ends)
        assert abs(ends[0] - video.duration_ms) <= 100
    assert video.duration_ms is not None
    loudness = measure_loudness(
        Path(video.moving_renditions[0].file.path), duration_ms=video.duration_ms
    )
    assert abs(loudness.integrated_lufs - settings.VIDEO_LOUDNESS_LUFS) <= 1


def its_pictures_stand_when_they_should(film: Film) -> None:
    """At the end of each scene its last picture is shown, the finger on its place."""
    scenes = Storyboard.from_json(film.storyboard).scenes
    drawn = draw_scenes(scenes, folder=kept_films() / "pictures")
    with av.open(film.video.moving_renditions[0].file.path) as opened:
        shown = [(f.time * 1000, f) for f in opened.decode(video=0)]
        for scene, path, times in zip(scenes, drawn, film.scenes, strict=True):
            [*_before, (_at, frame)] = [s for s in shown if s[0] < times["end_ms"]]
            seen = np.asarray(frame.to_image().convert("RGB")).astype(int)
            last = last_picture(scene, read_picture(path)).resize((frame.width, frame.height))
            wanted = np.asarray(last).astype(int)
            assert abs(seen - wanted).mean() < 3, scene.words


def its_page_shows_it(lesson: LessonPage, film: Film) -> None:
    track = Track.objects.get(video=film.video)
    assert track.state == TrackState.SCRIPT
    assert letters("".join(cue.text for cue in track.cues.all())) == letters(lesson.narration)
    page = Client().get(lesson.url).content.decode()
    for address in (film.video.moving_renditions[0].file.url, track.get_absolute_url()):
        assert address in page
    assert "字幕按讲稿" in page
    assert "机器字幕，未经核对" not in page
    assert film.video.keepsake.file.url in page


def editors_see_where_it_comes_from(film: Film, staff: Client) -> None:
    for name in ("videos:index", "videos:inspect", "videos:edit"):
        address = reverse(name, args=[] if name == "videos:index" else [film.video.pk])
        assert film.video.title in staff.get(address).content.decode()
    assert "自动做的" in staff.get(reverse("videos:inspect", args=[film.video.pk])).content.decode()


def kept_sounds() -> dict[str, int]:
    """By their names; the numbers change when they are written anew."""
    return {path.name: path.stat().st_ino for path in (kept_films() / "sounds").iterdir()}


def only_what_changed_is_made_again(lesson: LessonPage, encoded: list[str]) -> None:
    before = len(encoded)
    steps = lesson.steps.raw_data
    steps[0]["value"]["words"] = "预警有四种颜色，一起念一念。"
    lesson.save_revision().publish()
    video = film_of(lesson).video
    work_on(video)
    assert 1 <= len(encoded) - before <= 4
    assert "一起念一念" in str(film_of(lesson).scenes)
    lesson.makes_film = False
    lesson.save_revision().publish()
    assert not Film.objects.exists()
    assert not Video.objects.exists()


def test_a_sound_is_another_when_it_is_heard_otherwise(tmp_path, settings):
    scene = Scene(kind=SceneKind.WORDS, words="看一看")
    one, other = SpokenPart("看一看", 500, 1500), SpokenPart("看一看", 600, 1500)
    narration = tmp_path / "narration.m4a"
    narration.write_bytes(b"heard")
    names = [
        sound_name(narration, timeline_of([scene], [(0, 1)], [1.0], [spoken]))
        for spoken in (one, one, other)
    ]
    assert names[0] == names[1] != names[2]
    timeline = timeline_of([replace(scene, words="读一读")], [(0, 1)], [1.0], [one])
    assert sound_name(narration, timeline) == names[0]
    settings.VIDEO_LOUDNESS_LUFS -= 1
    assert sound_name(narration, timeline) != names[0]
    settings.VIDEO_LOUDNESS_LUFS += 1
    narration.write_bytes(b"said anew")
    assert sound_name(narration, timeline) != names[0]


def test_without_the_setting_no_film_is_made(lesson, settings):
    Film.objects.all().delete()
    settings.LESSON_FILMS = False
    assert ask_for_film(lesson) is None
