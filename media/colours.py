"""What colours a picture's numbers mean, and how they come to mean the same on every screen.

All that is encoded here is BT.709 in the range of television, and says so, since players guess
otherwise: by size, and each by its own rule. A source is read as its tags say, or, where there are
none, as players do: HD as BT.709, SD as BT.601 (ITU-R). Primaries and curves of old cameras differ
from those of BT.709 by less than anybody sees; they are taken for the same.
"""

from __future__ import annotations

import ffmpeg

from media.probe import Probe

#: From here on a picture without tags is HD.
HD_WIDTH, HD_HEIGHT = 1280, 577
#: FFmpeg's scale filter: what it reads from a picture that is ours already.
OURS = {"in_color_matrix": "bt709", "in_range": "tv"}
#: FFmpeg's quick rounding is off by up to six steps of 255 from one matrix to another.
EXACT = "bicubic+accurate_rnd+full_chroma_int"
#: A matrix that players honour when a stream is copied with its tag.
COPIED_MATRICES = {None, "bt709", "bt601"}
_TAGS_OF = {"bt709": "bt709", "bt601": "smpte170m"}


def colours_of(probe: Probe) -> dict[str, str]:
    """For FFmpeg's scale filter, how a source's picture is to be read; empty for RGB."""
    if (probe.pixel_format or "").startswith(("rgb", "bgr", "gbr", "argb", "abgr", "pal8", "0")):
        return {}
    return {"in_color_matrix": matrix_of(probe), "in_range": "pc" if probe.full_range else "tv"}


def matrix_of(probe: Probe) -> str:
    """The matrix by the tag, or else the one that players guess."""
    is_hd = probe.width >= HD_WIDTH or probe.height >= HD_HEIGHT
    return probe.matrix or ("bt709" if is_hd else "bt601")


def without_combs(picture: ffmpeg.nodes.FilterableStream) -> ffmpeg.nodes.FilterableStream:
    """One picture out of two fields, where a picture is made of two; the others stay."""
    return picture.filter("bwdif", mode="send_frame", deint="interlaced")


def for_televisions(
    picture: ffmpeg.nodes.FilterableStream, colours: dict[str, str], *, width: int, height: int
) -> ffmpeg.nodes.FilterableStream:
    """Filters to BT.709 in 4:2:0, at an even size, with what says so on every picture."""
    exact = {} if colours == OURS else {"flags": EXACT}
    return (
        picture.filter(
            "scale", width, height, out_color_matrix="bt709", out_range="tv", **colours, **exact
        )
        .filter("setsar", 1)
        .filter("format", "yuv420p")
        .filter(
            "setparams",
            range="tv",
            colorspace="bt709",
            color_primaries="bt709",
            color_trc="bt709",
        )
    )


def for_jpeg(
    picture: ffmpeg.nodes.FilterableStream, colours: dict[str, str], *, width: int, height: int
) -> ffmpeg.nodes.FilterableStream:
    """Filters to what JFIF prescribes, at an even size: BT.601 in the full range."""
    return (
        picture.filter(
            "scale",
            width,
            height,
            out_color_matrix="bt601",
            out_range="pc",
            flags=EXACT,
            **colours,
        )
        .filter("setsar", 1)
        .filter("format", "yuvj420p")
    )


def tags(matrix: str = "bt709") -> dict[str, str]:
    """FFmpeg's options that write the matrix, primaries, curve and range into a file."""
    return {
        "colorspace": _TAGS_OF[matrix],
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "color_range": "tv",
    }


def tags_of_a_copy(probe: Probe) -> dict[str, str]:
    """What a copied picture without a tag means, for players that guess by another rule; nothing
    where it has one."""
    return {} if probe.matrix else tags(matrix_of(probe))
