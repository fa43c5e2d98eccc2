"""Small pictures at even distances, made by real ffmpeg."""

from pathlib import Path

import pytest
from django.conf import settings as project
from PIL import Image

from media.ffmpeg.probe import probe
from media.ffmpeg.storyboard import MOST, make_storyboard, step_of
from media.models import Video
from media.pipeline import publishing
from media.pipeline.publishing import publish_storyboard

CLIP = project.BASE_DIR / "courses/starter/media/clip.mp4"


def test_there_is_a_picture_for_every_step_of_the_film(tmp_path: Path):
    pictures = make_storyboard(CLIP, tmp_path, probe=probe(CLIP))
    assert list(pictures) == list(range(0, 24_000, 4_000))
    for picture in pictures.values():
        with Image.open(picture) as image:
            assert image.size == (320, 180)


@pytest.mark.parametrize("duration_ms", [1_000, 60_000, 3_600_000, 6 * 3_600_000])
def test_a_long_film_has_not_more_pictures_than_the_most(duration_ms):
    assert 1 <= duration_ms / step_of(duration_ms) + 1 <= MOST + 1


@pytest.mark.django_db
def test_a_storyboard_replaces_the_one_before_and_goes_with_its_video(settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path / "media"
    video = Video.objects.create(title="量血压", original="originals/a.mp4")
    for count in (3, 2):
        pictures = {}
        for number in range(count):
            pictures[number * 4_000] = tmp_path / f"{number}.jpg"
            pictures[number * 4_000].write_bytes(b"picture")
        publish_storyboard(video, pictures)
    assert [one.at_ms for one in video.thumbnails.all()] == [0, 4_000]
    assert len(list(settings.MEDIA_ROOT.rglob("*.jpg"))) == 2
    publishing.delete_video(video)
    assert not list(settings.MEDIA_ROOT.rglob("*.jpg"))
