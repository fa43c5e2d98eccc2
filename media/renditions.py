"""The files a television plays: planned from a probe, made by one FFmpeg with one decode."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import ffmpeg
from django.conf import settings

from media.ffmpeg import OnProgress, half_made, open_input, run
from media.light import in_ordinary_light
from media.loudness import AUDIO_RATE, Loudness, correct_loudness
from media.probe import Probe

MAX_RATE = 30
SECONDS_BETWEEN_KEY_FRAMES = 2

# What a television of 2018 decodes, and a village line can carry without stopping.
COPIED_PROFILES = {"Constrained Baseline", "Main", "High"}
COPIED_LEVEL = 40
COPIED_BITS_PER_SECOND = 8_000_000
COPIED_KEYFRAME_GAP_MS = 10_500
THIN_AUDIO_BITS_PER_SECOND = 96_000

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
    """A screen to fit into, in pixels, and what quality costs there."""

    width: int
    height: int
    crf: int
    max_video_kbit: int
    audio_kbit: int


_LADDER = [
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
    """The picture is taken over packet by packet; the sound, too, if its loudness fits."""

    @property
    def file_name(self) -> str:
        return f"{self.name}.mp4"


def plan_renditions(probe: Probe) -> list[RenditionSpec]:
    """The renditions for a source with a picture, largest first.

    The largest is the source itself, fitted into 1920 by 1080 and never enlarged: a source 480
    high gives 480p and 360p. Of 720p and 360p, those follow which are smaller than that. An
    upright picture is fitted into the same lying screens, as a television would show it.
    """
    specs: list[RenditionSpec] = []
    for rung in _LADDER:
        width, height = _fitted(probe.width, probe.height, rung)
        name = f"{max(height, _even(Fraction(width * 9, 16)))}p"
        if specs and (width, height) == (specs[-1].width, specs[-1].height):
            # The source is no larger than this rung: one rendition of it, at this rung's price.
            specs.pop()
        elif specs and name == specs[-1].name:
            continue  # smaller by a line or two
        specs.append(
            RenditionSpec(
                name=name,
                width=width,
                height=height,
                frame_rate=_constant_rate(probe),
                crf=rung.crf,
                max_video_kbit=rung.max_video_kbit,
                audio_kbit=rung.audio_kbit,
                copy_video=not specs and can_copy(probe),
            )
        )
    return specs


def _fitted(width: int, height: int, rung: _Rung) -> tuple[int, int]:
    share = min(Fraction(1), Fraction(rung.width, width), Fraction(rung.height, height))
    return _even(width * share), _even(height * share)


def _even(pixels: Fraction) -> int:
    """The even number at or below; H.264 in 4:2:0 has no odd sizes."""
    return max(2, int(pixels) // 2 * 2)


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
    """True when a television can play the picture as it is, so that it need not be encoded."""
    return (
        "mov" in probe.container.split(",")
        and probe.video_codec == "h264"
        and probe.profile in COPIED_PROFILES
        and (probe.level or math.inf) <= COPIED_LEVEL
        and probe.pixel_format == "yuv420p"
        and probe.width <= _LADDER[0].width
        and probe.height <= _LADDER[0].height
        and probe.rotation == 0
        and probe.square_pixels
        and not probe.interlaced
        and probe.hdr_transfer is None
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
        and (loudness is None or loudness.fits)
    )


def make_at_once(source: Path, spec: RenditionSpec, *, probe: Probe, folder: Path) -> Path:
    """A rendition to begin with, of a picture that is copied, as fast as the disk.

    AAC sound is copied, other sound encoded; as loud as it came, which takes no listening.
    Raises FfmpegFailed.
    """
    target = folder / spec.file_name
    opened = open_input(source)
    streams = [opened["V:0"]]
    options: dict[str, object] = {}
    if probe.has_audio:
        streams.append(opened[f"a:{probe.audio_track}"])
        options = _sound_options(spec, copied=probe.audio_codec == "aac")
    with half_made(target) as [name]:
        graph = ffmpeg.output(
            *streams, str(name), **_container_options(), **_picture_options(spec), **options
        )
        run(graph, duration_ms=probe.duration_ms)
    return target


def make_renditions(
    source: Path,
    specs: list[RenditionSpec],
    *,
    probe: Probe,
    loudness: Loudness | None,
    folder: Path,
    on_progress: OnProgress | None = None,
) -> list[Path]:
    """Make every rendition in ``folder``, which exists, and return their paths in order.

    ``loudness`` is None for a silent or soundless source. All appear together, or, when
    FfmpegFailed is raised, none. What the source tells of its owner (place, device) is left out.
    """
    targets = [folder / spec.file_name for spec in specs]
    with half_made(*targets) as names:
        run(
            rendition_graph(source, specs, probe=probe, loudness=loudness, targets=names),
            duration_ms=probe.duration_ms,
            on_progress=on_progress,
        )
    return targets


def rendition_graph(
    source: Path,
    specs: list[RenditionSpec],
    *,
    probe: Probe,
    loudness: Loudness | None,
    targets: list[Path],
) -> ffmpeg.nodes.OutputStream:
    """The one FFmpeg run behind ``make_renditions``: the source opened and decoded once."""
    opened = open_input(source, max_pixels=settings.VIDEO_MAX_PIXELS)
    pictures = _pictures(opened, specs, probe=probe)
    sounds = _sounds(opened, specs, probe=probe, loudness=loudness)
    outputs = [
        ffmpeg.output(
            *(stream for stream in (picture, sound) if stream is not None),
            str(target),
            **_container_options(),
            **_picture_options(spec),
            **(_sound_options(spec, copied=copied) if sound is not None else {}),
        )
        for spec, target, picture, (sound, copied) in zip(
            specs, targets, pictures, sounds, strict=True
        )
    ]
    return ffmpeg.merge_outputs(*outputs)


def _pictures(
    opened: ffmpeg.nodes.FilterableStream, specs: list[RenditionSpec], *, probe: Probe
) -> list[ffmpeg.nodes.Stream]:
    encoded = [spec for spec in specs if not spec.copy_video]
    if not encoded:
        return [opened["V:0"] for _spec in specs]
    # FFmpeg itself turns the picture as its rotation demands, before the first filter.
    picture = opened["V:0"]
    if probe.interlaced:
        picture = picture.filter("bwdif", mode="send_frame", deint="interlaced")
    rate = encoded[0].frame_rate
    picture = picture.filter("fps", fps=f"{rate}", start_time=0)
    if probe.hdr_transfer:
        picture = in_ordinary_light(
            picture, probe, width=encoded[0].width, height=encoded[0].height
        )
    scaled = []
    for spec in encoded:  # each from the one before it: as sharp (SSIM within 0.0003), and cheaper
        picture = (
            picture.filter("scale", spec.width, spec.height, out_range="tv")
            .filter("setsar", 1)
            .filter("format", "yuv420p")
        )
        if spec is not encoded[-1]:
            split = picture.filter_multi_output("split", 2)
            scaled.append(split[0])
            picture = split[1]
    smaller = iter([*scaled, picture])
    return [opened["V:0"] if spec.copy_video else next(smaller) for spec in specs]


def _sounds(
    opened: ffmpeg.nodes.FilterableStream,
    specs: list[RenditionSpec],
    *,
    probe: Probe,
    loudness: Loudness | None,
) -> list[tuple[ffmpeg.nodes.Stream | None, bool]]:
    """For each spec its sound, and whether it is copied; None where there is no sound."""
    if not probe.has_audio:
        return [(None, False) for _spec in specs]
    sound = opened[f"a:{probe.audio_track}"]
    fits = can_copy_sound(probe, loudness=loudness)
    copied = [spec.copy_video and fits for spec in specs]
    if all(copied):
        return [(sound, True) for _spec in specs]
    split = correct_loudness(sound, loudness=loudness).filter_multi_output(
        "asplit", copied.count(False)
    )
    encoded = iter(range(copied.count(False)))
    return [(sound if is_copy else split[next(encoded)], is_copy) for is_copy in copied]


def _picture_options(spec: RenditionSpec) -> dict[str, object]:
    if spec.copy_video:
        return {"c:v": "copy"}
    return {
        "c:v": "libx264",
        "preset": "veryfast",
        "profile:v": "high",
        "level:v": "4.0",
        "crf": spec.crf,
        "maxrate": f"{spec.max_video_kbit}k",
        "bufsize": f"{2 * spec.max_video_kbit}k",
        "g": max(1, round(spec.frame_rate * SECONDS_BETWEEN_KEY_FRAMES)),
    }


def _sound_options(spec: RenditionSpec, *, copied: bool) -> dict[str, object]:
    if copied:
        return {"c:a": "copy"}
    return {"c:a": "aac", "b:a": f"{spec.audio_kbit}k"}


def _container_options() -> dict[str, object]:
    return {
        "format": "mp4",
        "movflags": "+faststart",
        "map_metadata": -1,
        "map_chapters": -1,
    }


def make_audio(
    source: Path,
    target: Path,
    *,
    probe: Probe,
    loudness: Loudness | None,
    on_progress: OnProgress | None = None,
) -> None:
    """Write the sound alone as ``.m4a`` (AAC-LC, stereo, 48 kHz, 64 kbit/s) for thin lines.

    ``loudness`` is None for a silent source, and for one whose loudness is right already: such
    as a rendition, from which the sound is copied. Raises FfmpegFailed, also without any sound.
    """
    sound = open_input(source)[f"a:{probe.audio_track}"]
    fits = can_copy_sound(probe, loudness=loudness)
    if fits and (probe.audio_bit_rate or math.inf) <= THIN_AUDIO_BITS_PER_SECOND:
        options: dict[str, object] = {"c:a": "copy"}
    else:
        sound = correct_loudness(sound, loudness=loudness)
        options = {"c:a": "aac", "b:a": f"{_LADDER[-1].audio_kbit}k"}
    with half_made(target) as [name]:
        run(
            ffmpeg.output(sound, str(name), **_container_options(), **options),
            duration_ms=probe.duration_ms,
            on_progress=on_progress,
        )
