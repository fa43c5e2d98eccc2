"""A version of a manual becomes a film, which other versions have too while they tell the same."""

from pathlib import Path

import av
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.manuals.editor.services import writing
from lms.manuals.editor.services.versions import discard_draft, open_draft
from lms.manuals.films.queries import film_to_watch
from lms.manuals.films.services import ask_for_film
from lms.manuals.models import ManualVersion, ManualVideo
from media.choices import StageState
from media.films import passages
from media.models import Film, Narration, Stage, Video
from media.narration.sentences import in_figures, split_sentences
from media.pipeline import services
from subtitles.choices import TrackState
from subtitles.models import Track

pytestmark = pytest.mark.django_db
KEYS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "左", "右")


@pytest.fixture(autouse=True)
def films_are_made(settings, tmp_path, monkeypatch):
    """In the smallest size alone: those of lessons are made in all."""
    settings.MANUAL_FILMS = True
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(passages, "SPECS", passages.SPECS[-1:])


def work() -> None:
    """What a worker does, until nothing is due."""
    services.plan_stages()
    # It is made as a lesson's is, whose test looks at it.
    Stage.objects.filter(kind="keepsake").delete()
    while claimed := services.claim_due_stages(limit=8):
        for stage in claimed:
            assert stage.token is not None
            services.run_stage(stage.pk, token=stage.token)
    waiting = Stage.objects.filter(state=StageState.QUEUED, due_at__gt=timezone.now())
    if waiting.update(due_at=timezone.now()):  # for the reading, which is there by now
        work()


def with_steps(manual, keys: tuple[str, ...]) -> ManualVersion:
    draft = manual.open_version()
    writing.add_warning(draft, words="手湿别碰。")
    first = draft.tasks.get()
    picture = first.steps.all()[0].picture
    for step in list(first.steps.all()):
        writing.remove_part(step)
    half = len(keys) // 2
    second = writing.add_task(draft, title="怎么关")
    for task, its in ((first, keys[:half]), (second, keys[half:])):
        for number, key in enumerate(its):
            step = writing.add_step(
                task, words=f"按“{key}”键。", picture=picture, alt="手机正面，有很多键"
            )
            marked = {"marker_x": 12 * number, "marker_y": 60, "marker_w": 20, "marker_h": 30}
            writing.change_part(step, **marked)
        writing.change_part(step, expected="灯亮了。")
    writing.change_version(draft, title="怎么用")
    return draft


def count_passages(monkeypatch) -> list[str]:
    encode, encoded = passages.encode_passage, []

    def counted(shown, targets):
        encoded.append(targets[0].name)
        encode(shown, targets)

    monkeypatch.setattr(passages, "encode_passage", counted)
    return encoded


@pytest.mark.city
@pytest.mark.parametrize("keys", [
    KEYS[:4], pytest.param(KEYS, marks=pytest.mark.thorough("twelve steps go as four do")),
], ids=len)  # fmt: skip
def test_its_steps_are_watched_and_only_what_changed_is_made_again(
    monkeypatch, make_manual, publish, as_, client, keys
):
    manual = make_manual()
    draft = with_steps(manual, keys)
    encoded = count_passages(monkeypatch)
    page = as_("maker").get(reverse("workbench:film", args=[manual.pk]))
    assert "data-progress-url" in page.content.decode()
    work()
    draft.refresh_from_db()
    film = draft.film
    assert film is not None
    it_is_one_film(film, encoded, keys)
    everybody_sees_it(manual, draft, as_, publish)
    manual.refresh_from_db()
    a_new_version_gets_its_own_once_it_differs(manual, film, encoded)


def it_is_one_film(film: Film, encoded: list[str], keys: tuple[str, ...]) -> None:
    stages = {stage.kind: (stage.state, stage.message) for stage in film.video.stages.all()}
    assert stages == dict.fromkeys(("film", "script"), (StageState.DONE, ""))
    assert len(encoded) == len(film.scenes)
    shown = [scene["words"].replace("\n", "") for scene in film.scenes]
    for key in keys:
        assert f"按“{key}”键" in shown
    assert shown.index("手湿别碰") == 1
    track = Track.objects.get(video=film.video)
    assert track.state == TrackState.SCRIPT
    text = "".join(split_sentences(film.narration.text))
    assert "".join(cue.text for cue in track.cues.all()) == in_figures(text)
    for rendition in film.video.moving_renditions:
        with av.open(rendition.file.path) as opened:
            ends = [float(s.duration * s.time_base) * 1000 for s in opened.streams]
        assert max(ends) - min(ends) <= 100, (rendition.name, ends)


def everybody_sees_it(manual, draft: ManualVersion, as_, publish) -> None:
    address = draft.film.video.moving_renditions[0].file.url
    maker = as_("maker").get(reverse("workbench:film", args=[manual.pk])).content.decode()
    assert address in maker
    code = reverse("manuals:video", args=[manual.short_code])
    assert as_("anonymous").get(code).status_code == 404
    publish(manual)
    judged = reverse("wagtailsnippets_manuals_manual:edit", args=[manual.pk])
    assert address in as_("reviewer").get(judged).content.decode()
    elder = Client()
    assert code in elder.get(manual.get_short_url()).content.decode()
    watched = elder.get(code).content.decode()
    assert address in watched
    assert "字幕按讲稿" in watched


def a_new_version_gets_its_own_once_it_differs(manual, film: Film, encoded: list[str]) -> None:
    before = len(encoded)
    draft = open_draft(manual)
    assert ask_for_film(draft) == film
    step = draft.tasks.all()[0].steps.all()[1]
    writing.change_part(step, words="轻轻按“二”键。")
    own = ask_for_film(draft)
    assert own != film
    work()
    # The changed scene, the cut that leads from it, and what a rounded time may shift.
    assert 1 <= len(encoded) - before <= 4
    own.refresh_from_db()
    assert "轻轻按“二”键" in str(own.scenes)
    film.refresh_from_db()
    assert "轻轻按“三”键" not in str(film.scenes)
    files = [Path(r.file.path) for r in own.video.renditions.all()]
    discard_draft(manual)
    assert Film.objects.get() == film
    assert Narration.objects.get() == film.narration
    assert not any(path.exists() for path in files)


def test_a_version_that_is_published_leaves_no_film_of_the_one_before(make_manual, publish):
    manual = publish(make_manual())
    first = manual.published_version
    assert first.film is not None
    draft = open_draft(manual)
    writing.change_part(draft.tasks.get().steps.all()[0], words="按一下绿色的键。")
    publish(manual)
    assert Film.objects.get() == manual.published_version.film
    first.refresh_from_db()
    assert first.film is None


def test_a_video_of_the_makers_own_takes_its_place(make_manual, cast, as_):
    manual = make_manual()
    draft = manual.open_version()
    assert ask_for_film(draft) is not None
    video = Video.objects.create(title="怎么接电话", original="a.mp4")
    brought = ManualVideo.objects.create(organisation=cast.organisation, video=video)
    writing.change_version(draft, video=brought)
    assert ask_for_film(draft) is None
    assert not Film.objects.exists()
    draft.refresh_from_db()
    assert film_to_watch(draft) == video
    page = as_("maker").get(reverse("workbench:film", args=[manual.pk])).content.decode()
    assert "您传的视频" in page
    writing.change_version(draft, video=None)
    assert ask_for_film(draft) is not None


def test_without_a_voice_there_is_no_film_and_the_page_says_why(
    settings, make_manual, publish, as_, client
):
    voice, settings.NARRATOR = settings.NARRATOR, "nobody"
    manual = publish(make_manual())
    address = reverse("workbench:film", args=[manual.pk])
    work()
    page = as_("maker").get(address).content.decode()
    assert "朗读没有做好" in page
    assert "再试一次" in page
    video = reverse("manuals:video", args=[manual.short_code])
    assert video not in client.get(manual.get_short_url()).content.decode()
    assert client.get(video).status_code == 404
    settings.NARRATOR = voice
    as_("maker").post(address)
    states = set(Stage.objects.values_list("kind", "state"))
    assert {("narration", StageState.QUEUED), ("film", StageState.QUEUED)} <= states


def test_a_site_may_make_none(settings, make_manual, publish, as_):
    settings.MANUAL_FILMS = False
    manual = publish(make_manual())
    assert manual.published_version.film is None
    page = as_("maker").get(reverse("workbench:film", args=[manual.pk]))
    assert "这个网站不自动做影片" in page.content.decode()
