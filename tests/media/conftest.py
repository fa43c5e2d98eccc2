"""Small films of every kind that teachers bring, made once a test run by the real FFmpeg."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files import File

from courses.starter.loading import let_editors_work_on_videos
from media.models import Video
from media.pipeline import services
from media.pipeline.stages import KINDS
from tests.media.films import (
    COPY,
    STARTER_CLIP,
    X264,
    FfmpegChildren,
    make_film,
    pattern,
    tone,
)
from tests.media.uploads.sending import Sender


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="session")
def starter_clip() -> Path:
    """25 s of Mandarin, 1280 by 720 at 25, H.264 High, mono 44.1 kHz: the picture fits."""
    return STARTER_CLIP


@pytest.fixture(scope="session")
def film_1080p50(shelf: Path) -> Path:
    return make_film(
        shelf / "1080p50.mp4",
        *pattern("1920x1080", rate=50, seconds=2),
        *tone(seconds=2),
        *X264,
        *["-metadata", "location=+39.9042+116.4074/"],
    )


@pytest.fixture(scope="session")
def film_480p(shelf: Path) -> Path:
    return make_film(
        shelf / "480p.mov", *pattern("854x480", rate=24, seconds=2), *tone(seconds=2), *X264
    )


@pytest.fixture(scope="session")
def upright_film(shelf: Path) -> Path:
    """A phone held upright: stored lying, white on the left, to be turned a quarter left."""
    lying = make_film(
        shelf / "lying.mp4",
        *["-f", "lavfi", "-i", "color=black:size=1280x720:rate=10:duration=1"],
        *["-vf", "drawbox=w=640:color=white:thickness=fill"],
        *X264,
    )
    return make_film(shelf / "upright.mp4", "-display_rotation", "90", "-i", str(lying), *COPY)


@pytest.fixture(scope="session")
def film_of_varying_rate(shelf: Path) -> Path:
    return make_film(
        shelf / "varying.mp4",
        *pattern("640x360", rate=30, seconds=4),
        *["-vf", "select='not(mod(n,3))+not(mod(n,4))'", "-fps_mode", "passthrough"],
        *X264,
    )


@pytest.fixture(scope="session")
def film_without_sound(shelf: Path) -> Path:
    return make_film(shelf / "mute.mp4", *pattern("320x240", rate=25, seconds=2), *X264)


@pytest.fixture(scope="session")
def quiet_film(shelf: Path) -> Path:
    """Mono, 44.1 kHz, about 24 dB too quiet."""
    return make_film(
        shelf / "quiet.mp4",
        *pattern("320x240", rate=25, seconds=4),
        *tone(seconds=4),
        *["-af", "volume=-20dB", "-ac", "1", "-ar", "44100"],
        *X264,
    )


@pytest.fixture(scope="session")
def fitting_film(shelf: Path) -> Path:
    """Nothing to improve but the place of its index."""
    return make_film(
        shelf / "fitting.mp4",
        *pattern("1280x720", rate=25, seconds=3),
        *tone(seconds=3),
        *["-af", "volume=5dB", "-ac", "2", "-c:a", "aac"],
        *["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p"],
        *["-g", "50"],
    )


@pytest.fixture(scope="session")
def film_with_late_sound(shelf: Path) -> Path:
    """The tone begins one second after the picture."""
    return make_film(
        shelf / "late.mkv",
        *pattern("320x240", rate=25, seconds=3),
        *["-itsoffset", "1", *tone(seconds=2)],
        *["-c:a", "pcm_s16le", *X264],
    )


@pytest.fixture(scope="session")
def silent_film(shelf: Path) -> Path:
    """It has a sound track, with nothing on it."""
    return make_film(
        shelf / "silent.mp4",
        *pattern("320x240", rate=25, seconds=2),
        *tone(seconds=2, source="anullsrc=cl=stereo:r=48000"),
        *X264,
    )


@pytest.fixture(scope="session")
def peaky_film(shelf: Path, starter_clip: Path) -> Path:
    """Quiet speech under loud clicks: a gain alone would overdrive it."""
    clicks = "aevalsrc='if(lt(mod(t,1.7),0.002),0.6*sin(2*PI*900*t),0)':s=44100:d=12"
    return make_film(
        shelf / "peaky.mp4",
        *["-t", "12", "-i", str(starter_clip), "-f", "lavfi", "-i", clicks],
        "-filter_complex",
        "[0:a]volume=-14dB[voice];[voice][1:a]amix=inputs=2:normalize=0[mix];"
        "[0:v]scale=320:180[small]",
        *["-map", "[small]", "-map", "[mix]", "-ac", "1", *X264],
    )


@pytest.fixture(scope="session")
def song(shelf: Path) -> Path:
    return make_film(shelf / "song.mp3", *tone(seconds=2))


@pytest.fixture
def ffmpeg_children() -> Iterator[FfmpegChildren]:
    """Finds the FFmpeg that a process started; at the end none of ours may be left."""
    children = FfmpegChildren()
    yield children
    assert children.of(os.getpid()) == []


@pytest.fixture
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path
    settings.DISK_RESERVE_MIB = 0


@pytest.fixture
def kinds():
    """Of stages, for a test to change. They come back in their order, which says what needs what;
    what is put back into a dict one by one comes last."""
    before = dict(KINDS)
    yield KINDS
    KINDS.clear()
    KINDS.update(before)


@pytest.fixture
def process(db, own_folders, kinds, tmp_path):
    """Puts a file through the stages of media; gives the video as it is afterwards."""
    del kinds["transcript"]

    def put_through(film: Path | Video, *, name: str | None = None, language: str = "zh") -> Video:
        video = film if isinstance(film, Video) else _uploaded(film, name or film.name, language)
        services.plan_stages()
        for _round in KINDS:
            for stage in services.claim_due_stages(limit=8, video=video):
                assert stage.token
                services.run_stage(stage.pk, token=stage.token)
        assert not list((tmp_path / "work").glob("*"))
        return Video.objects.get(pk=video.pk)

    return put_through


def _uploaded(film: Path, name: str, language: str) -> Video:
    with film.open("rb") as content:
        return Video.objects.create(
            title="怎样量血压",
            spoken_language=language,
            original=File(content, name=name),
            original_name=name,
        )


@pytest.fixture
def editor(django_user_model):
    let_editors_work_on_videos()
    user = django_user_model.objects.create_user("lin", last_name="林", first_name="小编")
    user.groups.add(Group.objects.get(name="课程编辑"))
    return user


@pytest.fixture
def sender(client, editor):
    client.force_login(editor)
    return Sender(client)
