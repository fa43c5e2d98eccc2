"""Filters and tags that make a picture's colours look the same in every player.

All that is encoded here is BT.709 in the limited range, and tagged so, since players guess the
matrix of untagged pictures differently. A source is read by its tags, or, where there are none, by
its size: HD as BT.709, SD as BT.601 (ITU-R). Primaries and curves of old cameras are taken for
those of BT.709: the difference cannot be seen.
"""

from __future__ import annotations

import ffmpeg

from media.ffmpeg.probe import Probe

#: From here on a picture without tags is HD.
HD_WIDTH, HD_HEIGHT = 1280, 577
#: Options of FFmpeg's scale filter for a picture that we have converted already.
OURS = {"in_color_matrix": "bt709", "in_range": "tv"}
#: FFmpeg's quick rounding is off by up to six steps of 255 from one matrix to another.
EXACT = "bicubic+accurate_rnd+full_chroma_int"
#: Matrices that players apply correctly in a copied stream.
COPIED_MATRICES = {None, "bt709", "bt601"}
_TAGS_OF = {"bt709": "bt709", "bt601": "smpte170m"}


def colours_of(probe: Probe) -> dict[str, str]:
    """For FFmpeg's scale filter, how a source's picture is to be read; empty for RGB."""
    if (probe.pixel_format or "").startswith(("rgb", "bgr", "gbr", "argb", "abgr", "pal8", "0")):
        return {}
    return {"in_color_matrix": matrix_of(probe), "in_range": "pc" if probe.full_range else "tv"}


def matrix_of(probe: Probe) -> str:
    """The matrix by the tag, or else the one that players assume for this size."""
    is_hd = probe.width >= HD_WIDTH or probe.height >= HD_HEIGHT
    return probe.matrix or ("bt709" if is_hd else "bt601")


def deinterlaced(picture: ffmpeg.nodes.FilterableStream) -> ffmpeg.nodes.FilterableStream:
    """Interlaced pictures become progressive; the others stay as they are."""
    return picture.filter("bwdif", mode="send_frame", deint="interlaced")


def for_televisions(
    picture: ffmpeg.nodes.FilterableStream, colours: dict[str, str], *, width: int, height: int
) -> ffmpeg.nodes.FilterableStream:
    """Filters to BT.709 in 4:2:0, at an even size, with every picture tagged so."""
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
    """The tags to add to a copied picture that has none; empty where it has its own."""
    return {} if probe.matrix else tags(matrix_of(probe))
