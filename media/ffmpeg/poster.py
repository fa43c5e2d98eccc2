"""A film's poster: the picture that is shown before it plays."""

from __future__ import annotations

from pathlib import Path

import ffmpeg
from django.conf import settings
from PIL import Image, ImageStat

from media.ffmpeg.colours import OURS, colours_of, deinterlaced, for_jpeg
from media.ffmpeg.hdr import has_zscale, to_sdr
from media.ffmpeg.probe import Probe
from media.ffmpeg.process import FfmpegFailed, OnProgress, open_input, run
from media.ffmpeg.sizes import fitted
from media.files import half_made

WIDTH, HEIGHT = 960, 540
# Films begin with fades and titles, so the first try is a tenth of the way in. The beginning is
# tried last, for a picture that is still or ends long before the sound.
PLACES = (0.1, 0.3, 0.5, 0.7, 0.0)
LOOKED_THROUGH_SECONDS = 6
# A lesson shows it before anything else, on a village's line too (benchmarks/first_view.py); 75 is
# Pillow's ordinary quality.
MOST_BYTES = 30_000
QUALITIES = (75, 65, 55, 45)
# Mean brightness below which a picture counts as black, 0 to 255.
DARKEST_MEAN = 20


def make_poster(
    source: Path, target: Path, *, probe: Probe, on_progress: OnProgress | None = None
) -> None:
    """Write a typical picture from about a tenth of the way into ``source`` as JPEG.

    At most WIDTH by HEIGHT, upright as displayed. Where the film is black there, later places are
    tried; a film that is black throughout gets a black poster. Raises FfmpegFailed.
    """
    with half_made(target) as [name]:
        for place in PLACES:
            _take_picture(source, name, probe=probe, at_ms=round(place * probe.duration_ms))
            if name.exists() and _brightness(name) >= DARKEST_MEAN:
                break
        if not name.exists():
            raise FfmpegFailed(detail="no picture at any place", returncode=0)
        with Image.open(name) as taken:
            save_small(taken.convert("RGB"), name)
    if on_progress:
        on_progress(1.0)


def _take_picture(source: Path, target: Path, *, probe: Probe, at_ms: int) -> None:
    """Write the most typical picture of the seconds after ``at_ms``; nothing if none is there."""
    opened = open_input(
        source,
        ss=f"{at_ms / 1000:.3f}",
        t=LOOKED_THROUGH_SECONDS,
        max_pixels=settings.VIDEO_MAX_PIXELS,
    )
    width, height = fitted(probe.width, probe.height, into=(WIDTH, HEIGHT))
    picture = opened[f"v:{probe.picture_track}"]
    if probe.interlaced:
        picture = deinterlaced(picture)
    picture = picture.filter("thumbnail", 100)
    colours = colours_of(probe)
    if probe.hdr_transfer and has_zscale():
        picture, colours = to_sdr(picture, probe, width=width, height=height), OURS
    run(
        ffmpeg.output(
            for_jpeg(picture, colours, width=width, height=height),
            str(target),
            format="image2",
            update=1,
            vframes=1,
            map_metadata=-1,
            **{"q:v": 3},
        ),
        duration_ms=LOOKED_THROUGH_SECONDS * 1000,
    )


def save_small(picture: Image.Image, target: Path) -> None:
    """Write it as JPEG, progressive, at the best quality that has at most MOST_BYTES."""
    for quality in QUALITIES:
        picture.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
        if target.stat().st_size <= MOST_BYTES:
            return


def _brightness(picture: Path) -> float:
    with Image.open(picture) as image:
        return ImageStat.Stat(image.convert("L")).mean[0]
