"""A small city with everything that goes from city to city, and how it becomes another one."""

import json
import shutil
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.images import ImageFile
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, Site

from courses.films.storyboard import storyboard_of
from courses.models import HomePage, LessonPage, PracticePage
from courses.starter import loading
from courses.starter.recordings import RECORDINGS_DIR, attach_recording
from lms.packs.exchange import arriving
from lms.packs.exchange.models import TakenPart
from lms.packs.exchange.reading import read_courses
from lms.packs.exchange.writing import write_courses
from media.choices import StageState
from media.films.services import request_film
from media.models import Narration, Picture, Rendition, Stage, Thumbnail, Video
from media.pipeline.stages import kinds_of
from subtitles.models import Track, TrackCue
from tests.kept_rows import load_or_put_back

CURRICULUM = json.loads((loading.STARTER_DIR / "curriculum.json").read_text())
CLIP = loading.SAMPLE_VIDEO.read_bytes()
#: By suffix and digest, what a child has said of a file.
OPENED: dict[tuple[str, str], dict[str, object]] = {}
#: With a practice and a film; with a picture of its own; one that a drill leads back to.
FILMED, PICTURED, THIRD = "weather-warning", "new-phone", "sms-code"


def png(colour="#345", size=(64, 48), kind="PNG", mode="RGB"):
    file = BytesIO()
    Image.new(mode, size, colour).save(file, kind)
    return file.getvalue()


def entry_of(slug):
    return next(entry for entry in CURRICULUM["lessons"] if entry["slug"] == slug)


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path
    settings.COURSES_LICENCE = "CC BY-SA 4.0"


@pytest.fixture(autouse=True)
def opened_once(monkeypatch):
    """What a child has opened well in this run is not opened by another, which would cost each
    test a start of Python; what it refused is refused by a child of its own."""
    real = arriving.run_child

    def run_child(files):
        keys = {file["path"]: key_of(Path(file["path"])) for file in files}
        unknown = [file for file in files if keys[file["path"]] not in OPENED]
        said = [json.loads(line) for line in (real(unknown) if unknown else [])]
        OPENED.update({keys[each["path"]]: each["facts"] for each in said if "facts" in each})
        refused = [each for each in said if "facts" not in each]
        known = [
            {"path": path, "facts": OPENED[key]} for path, key in keys.items() if key in OPENED
        ]
        return [json.dumps(each) for each in [*known, *refused]]

    monkeypatch.setattr(arriving, "run_child", run_child)


def key_of(path):
    return path.suffix, sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def city(db, own_folders):
    load_or_put_back("a small city", make_city)
    return HomePage.objects.first()


@pytest.fixture
def filmed(city):
    return make_film()


@pytest.fixture(scope="session")
def made_pack(django_db_setup, django_db_blocker, tmp_path_factory):
    """The pack of a city with all of it, which is gone again."""
    folder = tmp_path_factory.mktemp("city")
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        override_settings(
            MEDIA_ROOT=folder / "media", VAR_DIR=folder, COURSES_LICENCE="CC BY-SA 4.0"
        ),
        transaction.atomic(),
    ):
        patch.setattr(connection, "close", lambda: None)
        load_or_put_back("a small city", make_city)
        choose_film()
        put_pictures()
        make_film()
        Site.objects.update(site_name="海珠区")
        pack(folder / "pack")
        transaction.set_rollback(True)
    return folder / "pack"


@pytest.fixture
def packed(db, made_pack, own_folders, tmp_path):
    """A copy of it, in a city that has no lesson."""
    shutil.copytree(made_pack, tmp_path / "pack")
    return tmp_path / "pack"


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """Files of what was taken in, for the next test that begins there."""
    return tmp_path_factory.mktemp("taken")


@pytest.fixture
def boxed(packed, shelf):
    """The folder of a pack that this village's box has taken in."""
    return take_once(packed, shelf, publish=True)


@pytest.fixture
def taken(packed, shelf):
    """The folder of a pack that this city has taken in as drafts."""
    return take_once(packed, shelf, publish=False)


def take_once(folder, shelf, *, publish):
    """In a run; afterwards its rows and files are put back."""
    name = "taken live" if publish else "taken as drafts"
    load_or_put_back(name, lambda: read_courses(folder, publish=publish, by=None))
    media, kept = Path(settings.MEDIA_ROOT), shelf / name
    source, target = (kept, media) if kept.exists() else (media, kept)
    shutil.copytree(source, target, dirs_exist_ok=True)
    return folder


def make_city():
    """Three lessons in two classrooms, and a drill."""
    home = loading.find_or_make_home("海珠区银龄学堂")
    wanted = [entry_of(slug) for slug in (FILMED, PICTURED, THIRD)]
    rooms = {entry["slug"]: entry for entry in CURRICULUM["classrooms"]}
    loaded = loading.Loaded()
    made = {}
    for entry in wanted:
        room = loading.find_or_make_classroom(home, rooms[entry["classroom"]])
        made[entry["number"]] = loading.load_lesson(room, entry, loaded).pk
    drills = [
        {**entry, "lessons": [number for number in entry["lessons"] if number in made]}
        for entry in CURRICULUM["drills"]
    ]
    room = loading.find_or_make_classroom(home, rooms["anti-fraud"])
    loading.load_drill(room, sorted(drills, key=lambda e: -len(e["lessons"]))[:4], made, loaded)
    return home


def put_pictures():
    """A lesson with a picture of its own, one of its steps with another."""
    lesson = LessonPage.objects.get(slug=PICTURED)
    own, step = [
        Picture.objects.create(
            title=title, file=ImageFile(BytesIO(png(colour)), name=f"{title}.png")
        )
        for title, colour in (("自己拍的", "#a32"), ("一步", "#2a3"))
    ]
    lesson.picture = own
    blocks = json.loads(json.dumps(list(lesson.steps.get_prep_value())))
    blocks[0]["value"]["picture"] = {"image": step.pk, "alt_text": "一只手", "decorative": False}
    lesson.steps = json.dumps(blocks)
    lesson.save_revision().publish()
    return lesson


def read_aloud(slug):
    spans = json.loads((RECORDINGS_DIR / "spans.json").read_text())
    narration = Narration.objects.get(page__slug=slug)
    attach_recording(narration, slug=slug, facts=spans[slug])
    return narration


def fill(video, *, name="720p"):
    rendition = Rendition(video=video, name=name, width=1280, height=720, size_bytes=len(CLIP))
    rendition.file.save("film.mp4", ContentFile(CLIP), save=False)
    rendition.save()
    video.poster.save("poster.jpg", ContentFile(png("#678", kind="JPEG")), save=False)
    video.duration_ms, video.has_audio, video.has_picture = 20_000, True, True
    video.save()
    picture = Thumbnail(video=video, at_ms=0)
    picture.file.save("0.jpg", ContentFile(png("#123", kind="JPEG")), save=False)
    picture.save()
    for kind in kinds_of(video):
        Stage.objects.create(video=video, kind=kind.name, state=StageState.DONE, progress=100)


def make_film():
    """A lesson that is read aloud, with the film that was made of it."""
    lesson = LessonPage.objects.get(slug=FILMED)
    film = request_film(read_aloud(FILMED), storyboard_of(lesson))
    film.scenes = [{"start_ms": 0, "end_ms": 20_000, "words": "看天气", "number": 1, "lead": 2.0}]
    film.said = [
        {"text": "先看一眼天气，", "start_ms": 500, "end_ms": 4_000},
        {"text": "再出门。", "start_ms": 4_200, "end_ms": 8_000},
    ]
    film.made_at = timezone.now()
    film.save()
    fill(film.video)
    return lesson


def choose_film():
    """A lesson with a film that somebody chose, with subtitles that a person looked at."""
    lesson = LessonPage.objects.get(slug=THIRD)
    video = Video.objects.create(
        title="验证码别给人", original=File(BytesIO(CLIP), name="own.mp4"), original_name="own.mp4"
    )
    fill(video)
    track = Track.objects.create(video=video, language="zh", state="script")
    TrackCue.objects.create(track=track, start_ms=0, end_ms=2_000, text="验证码\n谁也别给")
    lesson.video = video
    lesson.save_revision().publish()
    return lesson


def pack(folder, **told):
    """All of the city's lessons."""
    told = {"manuals": [], "films": {}, **told}
    write_courses(folder, list(LessonPage.objects.all()), **told)
    return folder


def another_city():
    """The same database as one that was just set up: migrated, without a lesson."""
    HomePage.objects.first().delete()
    Video.objects.all().delete()
    Narration.objects.all().delete()
    Picture.objects.all().delete()
    assert not TakenPart.objects.exists()
    assert not PracticePage.objects.exists()
    Page.objects.get(depth=1).refresh_from_db()


def document(folder):
    return json.loads((folder / "数据/courses.json").read_bytes())


def change(folder, by):
    """Write what `by` makes of courses.json."""
    told = document(folder)
    by(told)
    (folder / "数据/courses.json").write_text(json.dumps(told, ensure_ascii=False))
