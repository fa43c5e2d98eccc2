"""The bitrate ladder: which renditions are made of a source, and which streams are copied."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from media.ffmpeg.colours import COPIED_MATRICES
from media.ffmpeg.loudness import AUDIO_RATE, Loudness
from media.ffmpeg.probe import Probe
from media.ffmpeg.sizes import even, fitted

MAX_RATE = 30

# What a television of 2018 decodes and a slow village line carries without stalling.
COPIED_PROFILES = {"Constrained Baseline", "Main", "High"}
COPIED_LEVEL = 40
COPIED_BITS_PER_SECOND = 8_000_000
COPIED_KEYFRAME_GAP_MS = 10_500

# A recording of sound shows a title card. It is still, so a low frame rate is enough.
CARD_WIDTH, CARD_HEIGHT, CARD_RATE = 1280, 720, Fraction(5)

_STANDARD_RATES = [
    Fraction(24_000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30_000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60_000, 1001),
    Fraction(60),
]


@dataclass(frozen=True, slots=True)
class _Rung:
    """A screen to fit into, in pixels, and the quality and bit rates at that size."""

    width: int
    height: int
    crf: int
    max_video_kbit: int
    audio_kbit: int


LADDER = [
    _Rung(1920, 1080, crf=22, max_video_kbit=5_000, audio_kbit=128),
    _Rung(1280, 720, crf=23, max_video_kbit=2_500, audio_kbit=128),
    _Rung(640, 360, crf=25, max_video_kbit=600, audio_kbit=64),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionSpec:
    """One MP4 to be made; sizes in pixels, even, never above the source's."""

    name: str
    """``720p``: the height of the 16:9 screen that the picture fills in one direction."""
    width: int
    height: int
    frame_rate: Fraction
    crf: int
    max_video_kbit: int
    audio_kbit: int
    copy_video: bool
    """The picture is copied without encoding; the sound too, if its loudness fits."""

    @property
    def file_name(self) -> str:
        return f"{self.name}.mp4"


def plan_renditions(probe: Probe, *, may_copy: bool = True) -> list[RenditionSpec]:
    """The renditions of a source, largest first; for sound alone, those of its title card.

    The largest is the source itself, fitted into 1920 by 1080 and never enlarged: a source 480
    high gives 480p and 360p. Of 720p and 360p, those follow which are smaller than that. An
    upright picture is fitted into the same lying screens, as a television would show it. With
    ``may_copy`` False all are encoded, also where the picture could be copied.
    """
    if not probe.has_video:
        probe = replace(probe, width=CARD_WIDTH, height=CARD_HEIGHT, frame_rate=CARD_RATE)
    specs: list[RenditionSpec] = []
    for rung in LADDER:
        width, height = fitted(probe.width, probe.height, into=(rung.width, rung.height))
        name = f"{max(height, even(Fraction(width * 9, 16)))}p"
        if specs and (width, height) == (specs[-1].width, specs[-1].height):
            # The source is no larger than this rung: one rendition, at this rung's quality.
            specs.pop()
        elif specs and name == specs[-1].name:
            continue  # nearly the same size: only a line or two smaller
        specs.append(
            RenditionSpec(
                name=name,
                width=width,
                height=height,
                frame_rate=_constant_rate(probe),
                crf=rung.crf,
                max_video_kbit=rung.max_video_kbit,
                audio_kbit=rung.audio_kbit,
                copy_video=may_copy and not specs and can_copy(probe),
            )
        )
    return specs


def _constant_rate(probe: Probe) -> Fraction:
    """Pictures per second of every rendition: the source's, or a whole part of it up to 30.

    A varying rate becomes the standard rate it is nearly equal to, or else 30.
    """
    rate = probe.frame_rate or Fraction(MAX_RATE)
    if probe.variable_frame_rate:
        near = [standard for standard in _STANDARD_RATES if abs(rate / standard - 1) < 0.01]
        rate = min(near, key=lambda standard: abs(standard - rate), default=Fraction(MAX_RATE))
    return rate / math.ceil(rate / MAX_RATE)


def can_copy(probe: Probe) -> bool:
    """True when a television can play the picture as it is."""
    return (
        "mov" in probe.container.split(",")
        and probe.video_codec == "h264"
        and probe.profile in COPIED_PROFILES
        and (probe.level or math.inf) <= COPIED_LEVEL
        and probe.pixel_format == "yuv420p"
        and probe.width <= LADDER[0].width
        and probe.height <= LADDER[0].height
        and probe.rotation == 0
        and probe.square_pixels
        and not probe.interlaced
        and probe.hdr_transfer is None
        and probe.matrix in COPIED_MATRICES
        and not probe.full_range
        and not probe.variable_frame_rate
        and (probe.frame_rate or math.inf) <= MAX_RATE
        and (probe.keyframe_gap_ms or 0) <= COPIED_KEYFRAME_GAP_MS
        and (probe.video_bit_rate or math.inf) <= COPIED_BITS_PER_SECOND
    )


def can_copy_sound(probe: Probe, *, loudness: Loudness | None) -> bool:
    """True for AAC-LC, stereo, 48 kHz, already at the house's loudness (or silent: None)."""
    return (
        probe.audio_codec == "aac"
        and probe.audio_profile == "LC"
        and probe.audio_channels == 2
        and probe.audio_rate == AUDIO_RATE
        and not probe.out_of_phase
        and (loudness is None or loudness.fits)
    )
