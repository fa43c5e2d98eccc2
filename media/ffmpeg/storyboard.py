"""A film's storyboard: small pictures out of it at even distances, to find a place in it by."""

from pathlib import Path

import ffmpeg
from django.conf import settings

from media.ffmpeg.colours import colours_of, for_jpeg
from media.ffmpeg.probe import Probe
from media.ffmpeg.process import OnProgress, open_input, run
from media.ffmpeg.sizes import fitted

WIDTH, HEIGHT = 320, 180
SHORTEST_STEP_MS = 4_000
MOST = 90  # pictures of one film, however long it is


def step_of(duration_ms: int) -> int:
    """How far apart the pictures of a film are, in milliseconds."""
    return max(SHORTEST_STEP_MS, -(-duration_ms // MOST))


def make_storyboard(
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
