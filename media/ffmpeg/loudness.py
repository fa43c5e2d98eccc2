"""How loud a film is, and the filters that bring it to VIDEO_LOUDNESS_LUFS (EBU R128).

Measured first, then corrected by one constant gain. Where that gain would push a peak past the
limit, a limiter holds the peak down: on speech with clicks the result is nearer to the target than
with loudnorm's dynamic mode (-16.8 against -17.3 LUFS for -16), and the noise in the pauses is not
raised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import ffmpeg
from django.conf import settings

from media.ffmpeg.process import FfmpegFailed, OnProgress, open_input, run
from media.ffmpeg.speech_detection import speaks

TRUE_PEAK_DBTP = -1.5
# AAC at low bit rates comes out up to 1.5 dB above what went in.
LIMIT_DBTP = TRUE_PEAK_DBTP - 1.5
TOLERANCE_LU = 1.0
# Below this a sound is amplified only when a voice is found in it; else it would be loud hiss.
QUIET_LUFS = -50.0
# EBU R128 ignores what is below -70 LUFS; a voice that quiet is amplified, then measured.
FLOOR_LUFS = -70.0
LIFT_DB = 40.0
AUDIO_RATE = 48_000
_RATE_FOR_TRUE_PEAKS = 192_000
# A channel that is this much quieter than the other holds only hiss or crosstalk.
ONE_EAR_DB = 25.0
# What copying a sound to the second channel adds in EBU R128: 10 log 2.
_SECOND_EAR_LU = 3.01
_SUMMARY = re.compile(
    r"Summary:.*I: +(?P<integrated>\S+) LUFS.*True peak:\s+Peak: +(?P<peak>\S+) dBFS", re.DOTALL
)
_RMS_LEVEL = re.compile(r"RMS level dB: (-?(?:inf|[\d.]+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """EBU R128 figures of a whole film, heard in stereo."""

    integrated_lufs: float
    true_peak_dbtp: float
    only_ear: int | None = None
    """The only channel with sound (0 left, 1 right), as from a microphone in the wrong socket. It
    is copied to both channels, and the figures are for that. None when both have sound."""

    @property
    def gain_db(self) -> float:
        """The gain that brings the film to VIDEO_LOUDNESS_LUFS."""
        return settings.VIDEO_LOUDNESS_LUFS - self.integrated_lufs

    @property
    def fits(self) -> bool:
        """Sound in both channels, within 1 LU of the target, and no peak above -1.5 dBTP."""
        return (
            self.only_ear is None
            and abs(self.gain_db) <= TOLERANCE_LU
            and self.true_peak_dbtp <= TRUE_PEAK_DBTP
        )


def measure_loudness(
    source: Path, *, duration_ms: int, track: int = 0, on_progress: OnProgress | None = None
) -> Loudness | None:
    """Measure a sound track, about a hundred times as fast as it plays.

    None when it should stay as it is: silence, or below -50 LUFS without a voice in it.
    Raises FfmpegFailed, also when there is no such sound track.
    """
    loudness = _measure(source, track=track, duration_ms=duration_ms, on_progress=on_progress)
    if loudness.integrated_lufs >= QUIET_LUFS:
        return loudness
    if not speaks(source, track=track):
        return None
    if loudness.integrated_lufs > FLOOR_LUFS:
        return loudness
    return _measure(source, track=track, duration_ms=duration_ms, lift_db=LIFT_DB)


def _measure(
    source: Path,
    *,
    track: int,
    duration_ms: int,
    lift_db: float = 0.0,
    on_progress: OnProgress | None = None,
) -> Loudness:
    sound = (
        _in_stereo(open_input(source)[f"a:{track}"])
        .filter("volume", f"{lift_db}dB", precision="double")
        .filter("astats", measure_overall="none", measure_perchannel="RMS_level")
        .filter("ebur128", peak="true", framelog="verbose")
    )
    said = run(
        ffmpeg.output(sound, "-", format="null"), duration_ms=duration_ms, on_progress=on_progress
    )
    integrated, true_peak = _figures(said)
    only_ear = _only_ear(said)
    return Loudness(
        integrated_lufs=integrated - lift_db + (0 if only_ear is None else _SECOND_EAR_LU),
        true_peak_dbtp=true_peak - lift_db,
        only_ear=only_ear,
    )


def _only_ear(said: str) -> int | None:
    """The only channel with sound, from astats' output; None when both have sound."""
    levels = [max(float(level), -200.0) for level in _RMS_LEVEL.findall(said)[-2:]]
    if len(levels) < 2 or abs(levels[0] - levels[1]) < ONE_EAR_DB:
        return None
    return 0 if levels[0] > levels[1] else 1


def _figures(said: str) -> tuple[float, float]:
    """LUFS and dBTP, from the summary that ebur128 leaves; -70 and -inf for silence."""
    found = _SUMMARY.search(said)
    if not found:
        raise FfmpegFailed(detail=f"{said}\nno loudness figures", returncode=0)
    return float(found["integrated"]), float(found["peak"])


def correct_loudness(
    sound: ffmpeg.nodes.Stream, *, loudness: Loudness | None, out_of_phase: bool = False
) -> ffmpeg.nodes.FilterableStream:
    """Filters for stereo at 48 kHz and VIDEO_LOUDNESS_LUFS, in time with the picture.

    ``loudness`` None leaves the loudness as it is. ``out_of_phase`` inverts one channel: through
    the single loudspeaker of a telephone or an old television both would cancel out.
    """
    stereo = _in_stereo(sound.filter("aresample", **{"async": 1, "first_pts": 0}))
    if out_of_phase:
        stereo = stereo.filter("pan", args="stereo|c0=c0|c1=-1*c1")
    if loudness is not None:
        if loudness.only_ear is not None:
            ear = f"c{loudness.only_ear}"
            stereo = stereo.filter("pan", args=f"stereo|c0={ear}|c1={ear}")
        stereo = stereo.filter("volume", f"{loudness.gain_db:.2f}dB")
        if loudness.true_peak_dbtp + loudness.gain_db > LIMIT_DBTP:
            # Peaks between the samples are seen, and so limited, at four times the rate.
            stereo = stereo.filter("aresample", _RATE_FOR_TRUE_PEAKS).filter(
                "alimiter", limit=10 ** (LIMIT_DBTP / 20), level="false"
            )
    return stereo.filter("aresample", AUDIO_RATE)


def _in_stereo(sound: ffmpeg.nodes.Stream) -> ffmpeg.nodes.FilterableStream:
    return sound.filter("aformat", channel_layouts="stereo")
