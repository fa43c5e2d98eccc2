"""The sound of a film: the narration, cut at the scenes, with rests between."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import ffmpeg
from django.conf import settings

from media.ffmpeg.extraction import SPEECH_RATE, extract_speech
from media.ffmpeg.ladder import LADDER
from media.ffmpeg.loudness import AUDIO_RATE, correct_loudness, measure_loudness
from media.ffmpeg.process import open_input, run
from media.ffmpeg.renditions import container_options
from media.films.timeline import SpokenPart, Stretch, Timeline
from media.narration.narrators.recording import parts_of
from media.narration.narrators.waves import read_samples
from media.narration.sentences import spoken_length

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Raise it to have every sound made anew.
RECIPE = 2
#: A cut fades in and out, so that it does not click.
FADE_MS = 8


def hear_clauses(
    narration: Path,
    sentences: Sequence[SpokenPart],
    texts: Sequence[Sequence[str]],
    *,
    folder: Path,
) -> list[list[tuple[int, int]]]:
    """For each sentence when its clauses (`texts`) are said, by the pauses; none where unheard.

    No recogniser is needed, since the words and the times of their sentences are known.
    """
    speech = folder / "speech.wav"
    extract_speech(narration, speech, duration_ms=sentences[-1].end_ms)
    samples = read_samples(speech)
    return [
        _inside(samples, sentence, parts) for sentence, parts in zip(sentences, texts, strict=True)
    ]


def _inside(
    samples: NDArray[np.int16], sentence: SpokenPart, parts: Sequence[str]
) -> list[tuple[int, int]]:
    if len(parts) == 1:
        return [(sentence.start_ms, sentence.end_ms)]
    first, last = (ms * SPEECH_RATE // 1000 for ms in (sentence.start_ms, sentence.end_ms))
    spans = parts_of(samples[first:last], [spoken_length(part) for part in parts])
    return [(sentence.start_ms + s.start_ms, sentence.start_ms + s.end_ms) for s in spans]


def narration_name(narration: Path) -> str:
    """Names the narration at the loudness of films."""
    told = (RECIPE, settings.VIDEO_LOUDNESS_LUFS)
    return sha256(repr(told).encode() + narration.read_bytes()).hexdigest()[:24]


def sound_name(narration: Path, timeline: Timeline) -> str:
    """Names what the film's sound depends on: a step's other words change nothing of it."""
    told = (narration_name(narration), timeline.duration_ms, timeline.stretches)
    return sha256(repr(told).encode()).hexdigest()[:24]


def correct_narration(narration: Path, target: Path, *, duration_ms: int, folder: Path) -> None:
    """Write the narration at VIDEO_LOUDNESS_LUFS as FLAC (48 kHz, mono): the pauses of a film do
    not count, so whatever its times are it has this loudness."""
    whole = folder / "narration.wav"
    _in_mono(open_input(narration)["a:0"], whole, duration_ms=duration_ms)
    loudness = measure_loudness(whole, duration_ms=duration_ms)
    corrected = correct_loudness(open_input(whole)["a:0"], loudness=loudness)
    run(
        ffmpeg.output(corrected, str(target), acodec="flac", ac=1, format="flac"),
        duration_ms=duration_ms,
    )


def lay_out_sound(narration: Path, timeline: Timeline, target: Path, *, folder: Path) -> None:
    """Write the film's sound as WAV (48 kHz, mono), exactly as long as the film. `narration` is
    the corrected one."""
    import numpy as np

    whole = folder / "corrected.wav"
    _in_mono(ffmpeg.input(str(narration))["a:0"], whole, duration_ms=timeline.duration_ms)
    samples = read_samples(whole)
    film = np.zeros(timeline.duration_ms * AUDIO_RATE // 1000, dtype="<i2")
    for stretch in timeline.stretches:
        piece = _faded(samples, stretch)
        at = stretch.at_ms * AUDIO_RATE // 1000
        film[at : at + len(piece)] = piece
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(AUDIO_RATE)
        file.writeframes(film.tobytes())


def _in_mono(sound: ffmpeg.nodes.FilterableStream, target: Path, *, duration_ms: int) -> None:
    run(
        ffmpeg.output(sound, str(target), acodec="pcm_s16le", ac=1, ar=AUDIO_RATE, format="wav"),
        duration_ms=duration_ms,
    )


def _faded(samples: NDArray[np.int16], stretch: Stretch) -> NDArray[np.int16]:
    import numpy as np

    first, last = (ms * AUDIO_RATE // 1000 for ms in (stretch.from_ms, stretch.to_ms))
    piece = samples[first:last].astype(float)
    length = min(len(piece) // 2, FADE_MS * AUDIO_RATE // 1000)
    ramp = np.linspace(0.0, 1.0, length)
    piece[:length] *= ramp
    piece[len(piece) - length :] *= ramp[::-1]
    return piece.astype("<i2")


def encode_sound(sound: Path, full: Path, thin: Path, *, duration_ms: int) -> None:
    """Write the sound as AAC in stereo: for the large sizes, and for thin lines."""
    # Both ears as loud as the one channel; FFmpeg by itself would make them 3 dB quieter.
    stereo = ffmpeg.input(str(sound))["a:0"].filter("pan", args="stereo|c0=c0|c1=c0")
    heard = stereo.filter_multi_output("asplit", 2)
    # FFmpeg's fast way is nearer to what goes in at 128 kbit/s, and loses the heights at 64.
    ways = ((full, LADDER[0], "fast"), (thin, LADDER[-1], "twoloop"))
    outputs = [
        ffmpeg.output(
            heard[number],
            str(target),
            **{"c:a": "aac", "b:a": f"{rung.audio_kbit}k", "aac_coder": coder},
            **container_options(),
        )
        for number, (target, rung, coder) in enumerate(ways)
    ]
    run(ffmpeg.merge_outputs(*outputs), duration_ms=duration_ms)
