"""The sound and the subtitles of a film, taken out as files for other programs."""

from __future__ import annotations

from pathlib import Path

import ffmpeg

from media.ffmpeg.process import OnProgress, open_input, run
from media.files import half_made

SPEECH_RATE = 16_000
"""Samples per second that speech engines want."""


def extract_speech(
    source: Path,
    target: Path,
    *,
    duration_ms: int,
    track: int = 0,
    out_of_phase: bool = False,
    on_progress: OnProgress | None = None,
) -> None:
    """Write a sound track of ``source`` as WAV, 16 kHz, mono, 16 bit, for a speech engine.

    Time 0 of the WAV is time 0 of the film, also where the sound begins later or has gaps. If the
    stereo is ``out_of_phase``, one channel is inverted, or mixing to mono would cancel both.
    Raises FfmpegFailed, also when there is no sound (see ``Probe.require_sound``).
    """
    sound = open_input(source)[f"a:{track}"].filter("aresample", **{"async": 1, "first_pts": 0})
    if out_of_phase:
        sound = sound.filter("pan", args="mono|c0=0.5*c0+-0.5*c1")
    with half_made(target) as [name]:
        run(
            ffmpeg.output(sound, str(name), acodec="pcm_s16le", ac=1, ar=SPEECH_RATE, format="wav"),
            duration_ms=duration_ms,
            on_progress=on_progress,
        )


def extract_subtitles(source: Path, target: Path, *, index: int, duration_ms: int) -> None:
    """Write a stream of text subtitles (``Probe.subtitles``) of ``source`` as SubRip, in UTF-8.

    Raises FfmpegFailed, also when there is no such stream.
    """
    with half_made(target) as [name]:
        run(
            ffmpeg.output(open_input(source)[f"s:{index}"], str(name), format="srt"),
            duration_ms=duration_ms,
        )
