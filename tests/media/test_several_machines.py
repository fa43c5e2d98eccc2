"""Machines that share nothing but a database and an object store: what comes in on one is worked on
by another and shown by a third. Each has its folders; the rest is what all of them reach."""

from contextlib import contextmanager
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage

from lms.settings import env
from media import views
from media.models import Video
from media.pipeline import processing
from media.uploads import services
from tests.media.objects import new_bucket, object_store


@pytest.fixture
def on(settings, tmp_path, monkeypatch):
    """`with on("web"):` is on the machine of that name; afterwards no file of any lies on it."""
    with object_store() as endpoint:
        monkeypatch.setenv("STORAGE_URL", new_bucket(endpoint))
        settings.STORAGES = {**settings.STORAGES, "default": env.storage("STORAGE_URL")}
        settings.DISK_RESERVE_MIB = 0

        @contextmanager
        def machine(name):
            settings.VAR_DIR = tmp_path / name
            settings.MEDIA_ROOT = tmp_path / name / "media"
            yield
            assert [path for path in (tmp_path / name).rglob("*") if path.is_file()] == []

        yield machine


def test_a_film_comes_in_on_one_is_made_by_another_and_shown_by_a_third(
    db, on, rf, editor, film_480p
):
    content = film_480p.read_bytes()
    with on("web"):
        upload = services.begin_upload(owner=editor, name="a.mp4", size_bytes=len(content))
        half = len(content) // 2
        for at, piece in ((0, content[:half]), (half, content[half:])):
            services.receive(upload, at_byte=at, piece=BytesIO(piece), size_bytes=len(piece))
        video = services.make_video(upload, video=Video(title="量血压", spoken_language="zh"))
    with on("worker"):
        for stage in (
            processing.probe_video,
            processing.make_video_renditions,
            processing.make_video_audio,
            processing.make_video_poster,
            processing.make_video_storyboard,
        ):
            stage(Video.objects.get(pk=video.pk), lambda done: None)
    with on("third"):
        made = Video.objects.get(pk=video.pk)
        assert made.audio_rendition
        assert made.thumbnails.exists()
        for file in [made.poster, *(each.file for each in made.renditions.all())]:
            request = rf.get(file.url)
            request.user = AnonymousUser()
            shown = b"".join(views.serve_media(request, str(file)).streaming_content)
            assert len(shown) == default_storage.size(str(file)) > 0
        assert made.moving_renditions
