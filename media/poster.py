"""The picture that stands before a film."""

from __future__ import annotations

from pathlib import Path

import ffmpeg
from django.conf import settings
from PIL import Image, ImageStat

from media.colours import OURS, colours_of, for_jpeg, without_combs
from media.ffmpeg import FfmpegFailed, OnProgress, half_made, open_input, run
from media.light import has_zscale, in_ordinary_light
from media.probe import Probe
from media.sizes import fitted

WIDTH, HEIGHT = 1280, 720
# Fades and title cards stand at the beginning; a tenth of the way in, the film has begun. The
# beginning itself comes last: for a picture that stands still or ends long before the sound.
PLACES = (0.1, 0.3, 0.5, 0.7, 0.0)
LOOKED_THROUGH_SECONDS = 6
# Mean brightness below which a picture counts as black, 0 to 255.
DARKEST_MEAN = 20


def make_poster(
    source: Path, target: Path, *, probe: Probe, on_progress: OnProgress | None = None
) -> None:
    """Write a typical picture from about a tenth of the way into ``source`` as JPEG.

    At most 1280 by 720, upright as displayed. Where the film is black there, later places are
    tried; a film that is black throughout gets a black poster. Raises FfmpegFailed.
    """
    with half_made(target) as [name]:
        for place in PLACES:
            _take_picture(source, name, probe=probe, at_ms=round(place * probe.duration_ms))
            if name.exists() and _brightness(name) >= DARKEST_MEAN:
                break
        if not name.exists():
            raise FfmpegFailed(detail="no picture at any place", returncode=0)
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
        picture = without_combs(picture)
    picture = picture.filter("thumbnail", 100)
    colours = colours_of(probe)
    if probe.hdr_transfer and has_zscale():
        picture, colours = in_ordinary_light(picture, probe, width=width, height=height), OURS
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


def _brightness(picture: Path) -> float:
    with Image.open(picture) as image:
        return ImageStat.Stat(image.convert("L")).mean[0]
