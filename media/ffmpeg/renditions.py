"""Renditions for televisions (media.ffmpeg.ladder), made by one FFmpeg with one decode."""

from __future__ import annotations

import math
from pathlib import Path

import ffmpeg
from django.conf import settings

from media.ffmpeg.colours import (
    OURS,
    colours_of,
    deinterlaced,
    for_televisions,
    tags,
    tags_of_a_copy,
)
from media.ffmpeg.hdr import has_zscale, to_sdr
from media.ffmpeg.ladder import LADDER, RenditionSpec, can_copy_sound
from media.ffmpeg.loudness import Loudness, correct_loudness
from media.ffmpeg.probe import Probe
from media.ffmpeg.process import FfmpegFailed, OnProgress, open_input, run
from media.files import half_made

SECONDS_BETWEEN_KEY_FRAMES = 2

THIN_AUDIO_BITS_PER_SECOND = 96_000

# A still title card costs bits only at key frames.
SECONDS_BETWEEN_CARDS = 10

#: What FFmpeg ends with when more pictures were broken than ``-max_error_rate`` allows.
DECODING_FAILED = 69


class DamagedPicture(FfmpegFailed):
    """A picture that was to be copied has damaged parts; encoding it conceals them."""


def make_at_once(source: Path, spec: RenditionSpec, *, probe: Probe, folder: Path) -> Path:
    """A first rendition with the picture copied, made as fast as the disk allows.

    AAC sound is copied, other sound encoded; the loudness is not corrected, to save measuring it.
    Raises FfmpegFailed.
    """
    target = folder / spec.file_name
    opened = open_input(source)
    streams = [opened[f"v:{probe.picture_track}"]]
    options: dict[str, object] = {}
    if probe.has_audio:
        streams.append(opened[f"a:{probe.audio_track}"])
        options = _sound_options(spec, copied=probe.audio_codec == "aac")
    with half_made(target) as [name]:
        graph = ffmpeg.output(
            *streams, str(name), **container_options(), **_picture_options(spec, probe), **options
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
    card: Path | None = None,
    on_progress: OnProgress | None = None,
) -> list[Path]:
    """Make every rendition in ``folder``, which exists, and return their paths in order.

    ``loudness`` is None for a silent or soundless source; ``card`` is the picture, of the size of
    the first rendition, that stands over a sound alone, else None. All appear together, or, when
    FfmpegFailed is raised, none; DamagedPicture where a picture to be copied is met that cannot
    be decoded. The source's metadata (place, device) is left out.
    """
    targets = [folder / spec.file_name for spec in specs]
    with half_made(*targets) as names:
        graph = rendition_graph(
            source, specs, probe=probe, loudness=loudness, targets=names, card=card
        )
        try:
            run(graph, duration_ms=probe.duration_ms, on_progress=on_progress)
        except FfmpegFailed as failure:
            if specs[0].copy_video and failure.returncode == DECODING_FAILED:
                raise DamagedPicture(detail=failure.detail, returncode=DECODING_FAILED) from failure
            raise
    return targets


def rendition_graph(
    source: Path,
    specs: list[RenditionSpec],
    *,
    probe: Probe,
    loudness: Loudness | None,
    targets: list[Path],
    card: Path | None = None,
) -> ffmpeg.nodes.OutputStream:
    """The one FFmpeg run behind ``make_renditions``: the source opened and decoded once.

    Where a picture is copied, the decode is strict, so that damage in the copy is noticed.
    """
    is_copied = specs[0].copy_video
    opened = open_input(
        source,
        max_pixels=settings.VIDEO_MAX_PIXELS,
        **({"err_detect:v": "explode"} if is_copied else {}),
    )
    if card is None:
        pictures = _pictures(opened, specs, probe=probe)
    else:
        pictures = _copies_of(card, specs, duration_ms=probe.duration_ms)
    sounds = _sounds(opened, specs, probe=probe, loudness=loudness)
    outputs = [
        ffmpeg.output(
            *(stream for stream in (picture, sound) if stream is not None),
            str(target),
            **container_options(),
            **_picture_options(spec, probe),
            **(_sound_options(spec, copied=copied) if sound is not None else {}),
        )
        for spec, target, picture, (sound, copied) in zip(
            specs, targets, pictures, sounds, strict=True
        )
    ]
    if all(spec.copy_video for spec in specs):
        # No other size is made, so the copy is decoded only to notice damage.
        outputs.append(ffmpeg.output(pictures[0], "-", format="null"))
    return ffmpeg.merge_outputs(*outputs)


def _pictures(
    opened: ffmpeg.nodes.FilterableStream, specs: list[RenditionSpec], *, probe: Probe
) -> list[ffmpeg.nodes.Stream]:
    encoded = [spec for spec in specs if not spec.copy_video]
    whole = opened[f"v:{probe.picture_track}"]
    if not encoded:
        return [whole for _spec in specs]
    # FFmpeg itself turns the picture as its rotation demands, before the first filter.
    picture, colours = whole, colours_of(probe)
    if probe.interlaced:
        picture = deinterlaced(picture)
    rate = encoded[0].frame_rate
    picture = picture.filter("fps", fps=f"{rate}", start_time=0)
    if probe.hdr_transfer and has_zscale():
        picture = to_sdr(picture, probe, width=encoded[0].width, height=encoded[0].height)
        colours = OURS
    smaller = iter(in_every_size(picture, encoded, colours))
    return [whole if spec.copy_video else next(smaller) for spec in specs]


def _copies_of(
    card: Path, specs: list[RenditionSpec], *, duration_ms: int
) -> list[ffmpeg.nodes.Stream]:
    """The title card in every size, for as long as the sound lasts."""
    shown = ffmpeg.input(
        str(card), loop=1, framerate=f"{specs[0].frame_rate}", t=f"{duration_ms / 1000:.3f}"
    )
    return in_every_size(shown["v:0"], specs, {})


def in_every_size(
    picture: ffmpeg.nodes.FilterableStream, specs: list[RenditionSpec], colours: dict[str, str]
) -> list[ffmpeg.nodes.Stream]:
    scaled = []
    for spec in specs:  # each from the one before it: as sharp (SSIM within 0.0003), and cheaper
        picture = for_televisions(picture, colours, width=spec.width, height=spec.height)
        colours = OURS
        if spec is not specs[-1]:
            split = picture.filter_multi_output("split", 2)
            scaled.append(split[0])
            picture = split[1]
    return [*scaled, picture]


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
    corrected = correct_loudness(sound, loudness=loudness, out_of_phase=probe.out_of_phase)
    split = corrected.filter_multi_output("asplit", copied.count(False))
    encoded = iter(range(copied.count(False)))
    return [(sound if is_copy else split[next(encoded)], is_copy) for is_copy in copied]


def _picture_options(spec: RenditionSpec, probe: Probe) -> dict[str, object]:
    if spec.copy_video:
        return {"c:v": "copy", "max_error_rate": 0, **tags_of_a_copy(probe)}
    still = {} if probe.has_video else {"tune": "stillimage"}
    seconds = SECONDS_BETWEEN_KEY_FRAMES if probe.has_video else SECONDS_BETWEEN_CARDS
    return {
        "c:v": "libx264",
        "preset": "veryfast",
        "profile:v": "high",
        "level:v": "4.0",
        "crf": spec.crf,
        "maxrate": f"{spec.max_video_kbit}k",
        "bufsize": f"{2 * spec.max_video_kbit}k",
        "g": max(1, round(spec.frame_rate * seconds)),
        **tags(),
        **still,
    }


def _sound_options(spec: RenditionSpec, *, copied: bool) -> dict[str, object]:
    if copied:
        return {"c:a": "copy"}
    return {"c:a": "aac", "b:a": f"{spec.audio_kbit}k"}


def container_options() -> dict[str, object]:
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

    ``loudness`` is None for a silent source, and for one whose loudness is right already, such as
    a rendition, from which the sound is copied. Raises FfmpegFailed, also without any sound.
    """
    sound = open_input(source)[f"a:{probe.audio_track}"]
    fits = can_copy_sound(probe, loudness=loudness)
    if fits and (probe.audio_bit_rate or math.inf) <= THIN_AUDIO_BITS_PER_SECOND:
        options: dict[str, object] = {"c:a": "copy"}
    else:
        sound = correct_loudness(sound, loudness=loudness, out_of_phase=probe.out_of_phase)
        options = {"c:a": "aac", "b:a": f"{LADDER[-1].audio_kbit}k"}
    with half_made(target) as [name]:
        run(
            ffmpeg.output(sound, str(name), **container_options(), **options),
            duration_ms=probe.duration_ms,
            on_progress=on_progress,
        )
