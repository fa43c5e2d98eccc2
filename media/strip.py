"""A strip of small pictures out of a film, at even distances, to find a place in it by."""

from hashlib import sha256
from pathlib import Path

import ffmpeg
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media.colours import colours_of, for_jpeg
from media.ffmpeg import OnProgress, open_input, run
from media.files import FinishedFile
from media.models import Thumbnail, Video
from media.probe import Probe, probe
from media.processing import scratch_folder
from media.sizes import fitted
from media.stages import NotNeeded, Progress, StageKind, register

RECIPE = 1
WIDTH, HEIGHT = 320, 180
SHORTEST_STEP_MS = 4_000
MOST = 90  # pictures of one film, however long it is


def step_of(duration_ms: int) -> int:
    """How far apart the pictures of a film are, in milliseconds."""
    return max(SHORTEST_STEP_MS, -(-duration_ms // MOST))


def make_strip(
    source: Path, folder: Path, *, probe: Probe, on_progress: OnProgress | None = None
) -> dict[int, Path]:
    """Write a JPEG for every step of `source` into `folder`; return them by their moment in ms.

    Only the film's key pictures are decoded, so a moment's picture may be some seconds off.
    Raises FfmpegFailed.
    """
    step_ms = step_of(probe.duration_ms)
    width, height = fitted(probe.width, probe.height, into=(WIDTH, HEIGHT))
    opened = open_input(source, skip_frame="nokey", max_pixels=settings.VIDEO_MAX_PIXELS)
    picture = opened[f"v:{probe.picture_track}"].filter("fps", f"1000/{step_ms}", round="up")
    picture = for_jpeg(picture, colours_of(probe), width=width, height=height).filter(
        "pad", WIDTH, HEIGHT, "(ow-iw)/2", "(oh-ih)/2"
    )
    pattern = folder / "%05d.jpg"
    run(
        ffmpeg.output(picture, str(pattern), format="image2", map_metadata=-1, **{"q:v": 4}),
        duration_ms=probe.duration_ms,
        on_progress=on_progress,
    )
    pictures = sorted(folder.glob("*.jpg"))
    return {number * step_ms: path for number, path in enumerate(pictures)}


def publish_strip(video: Video, pictures: dict[int, Path]) -> None:
    """Put `pictures` in the place of those that stood, whose files go once no row names them."""
    old = [thumbnail.file for thumbnail in video.thumbnails.all()]
    new = [Thumbnail(video=video, at_ms=at_ms) for at_ms in pictures]
    for thumbnail in new:
        with FinishedFile(pictures[thumbnail.at_ms]) as content:
            thumbnail.file.save("picture.jpg", content, save=False)
    try:
        with transaction.atomic():
            video.thumbnails.all().delete()
            Thumbnail.objects.bulk_create(new)
    except BaseException:
        for thumbnail in new:
            thumbnail.file.delete(save=False)
        raise
    for file in old:
        file.delete(save=False)


def fingerprint(video: Video) -> str:
    return sha256(repr((video.original.name, RECIPE)).encode()).hexdigest()


def make_video_strip(video: Video, progress: Progress) -> None:
    """Out of the smallest rendition, which is upright and quick to read."""
    if video.has_picture is False:
        raise NotNeeded(_("这里只有声音，没有画面，不用取小图。"))
    source = Path(video.moving_renditions[-1].file.path)
    with scratch_folder(f"strip-{video.key.hex}") as folder:
        pictures = make_strip(source, folder, probe=probe(source), on_progress=progress)
        publish_strip(video, pictures)


def register_stage() -> None:
    register(
        StageKind(
            name="strip",
            label=gettext_lazy("取小图"),
            queue="media",
            needs=("renditions",),
            run=make_video_strip,
            fingerprint=fingerprint,
            without=gettext_lazy("没有取到小图。视频照样能看，只是章节旁边没有图。"),
        )
    )
