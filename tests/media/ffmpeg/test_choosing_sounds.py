"""An editor hears that the wrong sound was taken, and takes another."""

from __future__ import annotations

import pytest

from media.choices import StageState
from media.ffmpeg.loudness import measure_loudness
from media.models import Video
from media.pipeline.stages import KINDS
from tests.media.films import X264, largest, make_film, pattern, speech, tone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folders")]

VOICE = {"track": 1, "language": "chi", "title": "讲解", "speaks": True, "out_of_phase": False}
MUSIC = {"track": 0, "language": "", "title": "", "speaks": False, "out_of_phase": False}


@pytest.fixture
def page(client, editor):
    client.force_login(editor)

    def page(video: Video, **changes: object):
        url = f"/admin/videos/edit/{video.pk}/"
        if not changes:
            return client.get(url).content.decode()
        kept = {"title": video.title, "spoken_language": "zh", "chosen_sound": ""}
        return client.post(url, {**kept, **changes})

    return page


def test_the_page_tells_the_sounds_apart(page):
    video = Video.objects.create(title="量血压", sounds=[MUSIC, VOICE], best_sound=1)
    html = page(video)
    assert "自动选择（第2条，普通话，讲解，有人说话）" in html
    assert "第1条，没有听到人说话" in html


@pytest.mark.parametrize("sounds", [[], [VOICE]])
def test_where_there_is_no_choice_nothing_is_asked(sounds, page):
    video = Video.objects.create(title="量血压", sounds=sounds)
    assert "用哪一条声音" not in page(video)
    page(video, title="量体温")
    assert Video.objects.get().title == "量体温"


def test_a_sound_that_is_not_there_cannot_be_chosen(page):
    video = Video.objects.create(title="量血压", sounds=[MUSIC, VOICE], best_sound=1)
    assert page(video, chosen_sound="7").status_code == 200
    assert Video.objects.get().chosen_sound is None


def test_another_sound_asks_for_what_bears_it(page):
    video = Video.objects.create(title="量血压", sounds=[MUSIC, VOICE], best_sound=1)
    for kind in ("renditions", "audio", "poster"):
        done = {"state": StageState.DONE, "fingerprint": KINDS[kind].fingerprint(video)}
        video.stages.update_or_create(kind=kind, defaults=done)
    page(video, chosen_sound="0")
    assert Video.objects.get().chosen_sound == 0
    queued = video.stages.filter(state=StageState.QUEUED).values_list("kind", flat=True)
    assert set(queued) == {"renditions", "audio"}


@pytest.mark.thorough("that it is asked for is tried above; test_odd_films makes of one")
def test_another_sound_has_what_bears_it_made_anew(page, process, tmp_path):
    quiet = ["-filter:a:1", "volume=-20dB"]
    film = make_film(
        tmp_path / "film.mkv",
        *[*pattern("320x180", rate=10, seconds=2), *speech(seconds=2)],
        *[*tone(seconds=2, source="anullsrc=cl=mono:r=48000"), *quiet],
        *["-map", "0:v", "-map", "1:a", "-map", "2:a", *X264],
    )
    video = process(film)
    assert video.sound_in_use == 0
    page(video, chosen_sound="1")
    queued = video.stages.filter(state=StageState.QUEUED).values_list("kind", flat=True)
    assert set(queued) == {"renditions", "audio"}
    video = process(Video.objects.get())
    assert video.sound_in_use == 1
    assert measure_loudness(largest(video), duration_ms=2000) is None
    page(video, chosen_sound="")
    video = process(Video.objects.get())
    assert measure_loudness(largest(video), duration_ms=2000) is not None
