"""HDR pictures tone-mapped to SDR; televisions of 2018 would show them grey and pale."""

from __future__ import annotations

import subprocess
from functools import cache

import ffmpeg

from media.ffmpeg.probe import Probe
from media.ffmpeg.process import binary

# Reference white in HDR (ITU-R BT.2408), mapped to reference white in SDR.
PAPER_WHITE_NITS = 203
BRIGHTEST_NITS = 1000


def to_sdr(
    picture: ffmpeg.nodes.FilterableStream, probe: Probe, *, width: int, height: int
) -> ffmpeg.nodes.FilterableStream:
    """Filters from HDR to BT.709; the picture is scaled first, to tone-map fewer pixels.

    Needs an FFmpeg with zimg (``has_zscale``). The size is even: zscale refuses any other.
    """
    linear = (
        picture.filter("scale", width, height, out_range="tv")
        .filter("format", "yuv420p10le")
        .filter(
            "zscale",
            tin=probe.hdr_transfer,
            pin="bt2020",
            min="bt2020nc",
            rin="tv",
            t="linear",
            npl=PAPER_WHITE_NITS,
        )
        .filter("format", "gbrpf32le")
        .filter("zscale", p="bt709")
    )
    return (
        linear.filter("tonemap", "mobius", desat=0, peak=f"{BRIGHTEST_NITS / PAPER_WHITE_NITS:.2f}")
        .filter("zscale", t="bt709", m="bt709", r="tv")
        .filter("format", "yuv420p")
    )


@cache
def has_zscale() -> bool:
    listed = subprocess.run(
        [binary(), "-hide_banner", "-filters"], check=True, capture_output=True, text=True
    )
    return " zscale " in listed.stdout
