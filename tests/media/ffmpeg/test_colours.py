"""WeChat's green stays WeChat's green, whatever a camera or program makes of a picture."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from media.ffmpeg.ladder import plan_renditions
from media.ffmpeg.poster import make_poster
from media.ffmpeg.probe import probe
from media.ffmpeg.renditions import make_renditions
from media.ffmpeg.storyboard import make_storyboard
from tests.media.films import make_film

GREEN, RED, SKIN, GREY = (7, 193, 96), (235, 20, 20), (224, 172, 105), (128, 128, 128)
PATCHES = (GREEN, RED, SKIN, GREY)
#: By so many steps of 255 a colour may differ after twice 8 bits and once x264.
NEAR = 5
BT709, TV = 1, 1

H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "8"]


def film_of(path: Path, size: str, graph: str, *options: str) -> Path:
    """A second of four patches side by side, true in RGB, and what `graph` makes of it."""
    side, height = size.split("x")
    patches = []
    for colour in PATCHES:
        look = f"color=0x{bytes(colour).hex()}:size={int(side) // 4}x{height}:rate=5:duration=1"
        patches += ["-f", "lavfi", "-i", f"{look},format=gbrp"]
    whole = ["-filter_complex", f"[0][1][2][3]hstack=4,{graph}[v]", "-map", "[v]"]
    return make_film(path, *patches, *whole, *options)


def to(matrix: str, pixels: str, *, full: bool = False, tag: str = "unknown") -> str:
    """A filter; with no `tag`, nothing in the film says what its colours are."""
    wide = "pc" if full else "tv"
    others = "bt709" if tag != "unknown" else tag
    return (
        f"scale=out_color_matrix={matrix}:out_range={wide},format={pixels},"
        f"setparams=colorspace={tag}:color_primaries={others}:color_trc={others}"
    )


RGB = ["-c:v", "libx264rgb", "-preset", "ultrafast", "-crf", "5"]
SOURCES = {
    "RGB": ("1280x720", "null", RGB),
    "RGB, small": ("320x180", "null", RGB),
    "motion JPEG": ("1280x720", to("bt601", "yuvj422p", full=True), ["-c:v", "mjpeg", "-q:v", "2"]),
    "full range": (
        "1280x720",
        to("bt709", "yuv420p", full=True, tag="bt709"),
        [*H264, "-color_range", "pc"],
    ),
    "SD, untagged": ("320x180", to("bt601", "yuv444p"), H264),
    "SD, tagged 709": ("320x180", to("bt709", "yuv444p", tag="bt709"), H264),
    "HD, untagged": ("1280x720", to("bt709", "yuv420p"), H264),
    "HD, untagged, encoded": ("1280x720", to("bt709", "yuv444p"), H264),
    "HD, tagged 601": ("1280x720", to("bt601", "yuv444p", tag="smpte170m"), H264),
    "HD of 1990": ("1280x720", to("smpte240m", "yuv444p", tag="smpte240m"), H264),
    "UHD's matrix": ("1280x720", to("bt2020", "yuv420p", tag="bt2020nc"), H264),
    "ten bits": ("1280x720", to("bt709", "yuv422p10le"), ["-c:v", "ffv1"]),
}
CONTAINERS = {"motion JPEG": "avi", "ten bits": "mkv"}


#: One of each way: no matrix at all, the full range, none told (by either size), one told.
EVERYDAY = {"RGB, small", "full range", "SD, untagged", "HD, untagged, encoded", "HD, tagged 601"}


@pytest.mark.parametrize("kind", [
    kind if kind in EVERYDAY
    else pytest.param(kind, marks=pytest.mark.thorough("another source of a way that is tried"))
    for kind in SOURCES
])  # fmt: skip
def test_every_size_shows_the_sources_colours(kind, tmp_path):
    size, graph, options = SOURCES[kind]
    name = f"film.{CONTAINERS.get(kind, 'mov')}"
    film = film_of(tmp_path / name, size, graph, *options)
    seen = probe(film)
    specs = plan_renditions(seen)
    made = make_renditions(film, specs, probe=seen, loudness=None, folder=tmp_path)
    assert len(made) == (2 if size == "1280x720" else 1)
    for path, spec in zip(made, specs, strict=True):
        frame = first_picture(path)
        if not spec.copy_video:
            assert tags_of(frame) == (BT709, BT709, BT709, TV)
        assert_true(as_shown(frame))
    make_poster(film, tmp_path / "poster.jpg", probe=seen)
    pictures = make_storyboard(made[-1], tmp_path, probe=probe(made[-1]))
    for picture in (tmp_path / "poster.jpg", pictures[0]):
        with Image.open(picture) as image:
            assert_true(np.asarray(image.convert("RGB")))


def test_a_copy_says_what_its_colours_are(tmp_path):
    """For players that guess: some by size, each at another one."""
    for size, matrix, expected in (("1280x720", "bt709", 1), ("320x180", "bt601", 6)):
        film = film_of(tmp_path / "film.mp4", size, to(matrix, "yuv420p"), *H264)
        seen = probe(film)
        specs = plan_renditions(seen)
        assert (specs[0].copy_video, seen.matrix) == (True, None)
        made = make_renditions(film, specs, probe=seen, loudness=None, folder=tmp_path)
        assert tags_of(first_picture(made[0])) == (expected, BT709, BT709, TV)


@pytest.mark.parametrize("matrix", ["bt2020nc", "smpte240m"])
def test_a_matrix_that_players_ignore_is_not_copied(matrix, tmp_path):
    film = film_of(tmp_path / "film.mp4", "320x180", "format=yuv420p", *H264, "-colorspace", matrix)
    assert not plan_renditions(probe(film))[0].copy_video


def first_picture(path: Path) -> av.VideoFrame:
    with av.open(str(path)) as film:
        return next(film.decode(video=0))


def tags_of(frame: av.VideoFrame) -> tuple[int, int, int, int]:
    return frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range


def as_shown(frame: av.VideoFrame) -> np.ndarray:
    """RGB as a player shows it that believes the tags: by its own arithmetic, not FFmpeg's."""
    red, blue = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114)}[frame.colorspace]
    planes = frame.reformat(format="yuv444p").to_ndarray().astype(float)
    y, u, v = (planes[0] - 16) / 219, (planes[1] - 128) / 224, (planes[2] - 128) / 224
    r = y + 2 * (1 - red) * v
    b = y + 2 * (1 - blue) * u
    g = (y - red * r - blue * b) / (1 - red - blue)
    return np.clip(np.stack([r, g, b], axis=-1) * 255, 0, 255)


def assert_true(picture: np.ndarray) -> None:
    height, width = picture.shape[:2]
    middle = slice(height // 2 - 4, height // 2 + 4)
    for number, colour in enumerate(PATCHES):
        at = width * (2 * number + 1) // 8
        shown = picture[middle, at - 4 : at + 4].reshape(-1, 3).mean(axis=0)
        assert np.abs(shown - colour).max() <= NEAR, (colour, shown)
