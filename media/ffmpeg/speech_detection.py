"""Which sound track of a film has speech, found by voice detection in samples of it.

Tags and order are not enough: cameras write a silent track first, programs tag every language as
``und``, and a wrongly wired microphone is out of phase.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import ffmpeg

from media.ffmpeg.probe import Probe, probe
from media.ffmpeg.process import FfmpegFailed, open_input, run
from media.ffmpeg.tracks import SoundTrack
from media.ffmpeg.voice_activity import (
    SAMPLE_RATE,
    SPEECH_STARTS_AT,
    WINDOW,
    WINDOW_MS,
    voice_probabilities,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

SAMPLE_MS = 20_000
SAMPLES = 3
#: Analysed when no speech is found in those, before the film counts as without speech.
MORE_SAMPLES = 24
SHORTEST_VOICE_MS = 500
#: Voices that differ by less count as equally loud.
AS_LOUD_DB = 6.0
#: Channels are out of phase when their difference is stronger than their sum by this much, within
#: VOICE_HERTZ: hum, which is equal in both channels, lies below that range.
OUT_OF_PHASE_DB = 6.0
#: Shares of full scale: a sound whose loud samples are below the first is amplified to the second.
TOO_QUIET, AUDIBLE, LOUD_PERCENTILE = 0.02, 0.2, 99
VOICE_HERTZ = (200, 4000)
#: Language tags that cameras and editing programs write.
TAGS_OF_LANGUAGE = {"zh": {"zh", "chi", "zho", "cmn"}, "yue": {"yue"}}


@dataclass(frozen=True, slots=True)
class SoundAnalysis:
    """What was found in the samples of a sound track."""

    voice_db: float | None
    """How loud the voice is, in dB below full scale (so negative); None when none was heard."""
    out_of_phase: bool


def examine(path: Path, *, language: str, track: int | None = None) -> Probe:
    """Probe a file and analyse its sounds. The facts are of sound ``track``; with None of that one
    in which ``language`` ("zh", "yue") is spoken. Takes a second or two. Raises UnusableMedia.
    """
    facts = probe(path, track=track)
    if not facts.has_audio:
        return facts
    heard = listen(path, facts)
    if track is None:
        track = best_sound(facts.sounds, heard, language=language)
    sounds = tuple(
        replace(
            sound,
            speaks=heard[sound.track].voice_db is not None,
            out_of_phase=heard[sound.track].out_of_phase,
        )
        for sound in facts.sounds
    )
    facts = probe(path, track=track)
    return replace(facts, sounds=sounds, out_of_phase=heard[facts.audio_track].out_of_phase)


def best_sound(
    sounds: Sequence[SoundTrack], heard: dict[int, SoundAnalysis], *, language: str
) -> int:
    """The track in which the language is spoken loudest; among equals the default track, then the
    first."""
    loudest = max((one.voice_db for one in heard.values() if one.voice_db is not None), default=0.0)

    def merits(sound: SoundTrack) -> tuple[bool, int, bool, bool, bool]:
        voice_db = heard[sound.track].voice_db
        return (
            voice_db is not None,
            _rank_of_language(sound.language, language),
            not sound.is_beside,
            voice_db is not None and voice_db > loudest - AS_LOUD_DB,
            sound.is_default,
        )

    return max(sounds, key=merits).track


def _rank_of_language(tag: str, language: str) -> int:
    """2 for the one wanted, 1 where no tag tells, 0 for another."""
    if not tag:
        return 1
    return 2 if tag in TAGS_OF_LANGUAGE.get(language, {language}) else 0


def listen(path: Path, facts: Probe) -> dict[int, SoundAnalysis]:
    """The analysis of each sound of the film, by track; a broken one has no voice."""
    heard = _listen_at(path, facts, _places(facts.duration_ms, SAMPLES))
    if any(one.voice_db is not None for one in heard.values()):
        return heard
    more = _places(facts.duration_ms, MORE_SAMPLES)
    return _listen_at(path, facts, more) if len(more) > SAMPLES else heard


def speaks(path: Path, *, track: int) -> bool:
    """Whether somebody speaks in one sound of a film. Raises UnusableMedia."""
    facts = probe(path, track=track)
    only = replace(facts, sounds=tuple(one for one in facts.sounds if one.track == track))
    return listen(path, only)[track].voice_db is not None


def _places(duration_ms: int, count: int) -> list[int]:
    """Where the samples begin, in milliseconds, evenly spread; in a short film without gaps."""
    count = max(1, min(count, -(-duration_ms // SAMPLE_MS)))
    free_ms = max(0, duration_ms - count * SAMPLE_MS)
    return [
        number * SAMPLE_MS + free_ms * (2 * number + 1) // (2 * count) for number in range(count)
    ]


def _listen_at(path: Path, facts: Probe, places_ms: Sequence[int]) -> dict[int, SoundAnalysis]:
    pieces: dict[int, list[NDArray[np.float32]]] = {one.track: [] for one in facts.sounds}
    for at_ms in places_ms:
        for track, ears in _samples(path, facts.sounds, at_ms=at_ms).items():
            pieces[track].append(ears)
    return {track: _judge(ears) for track, ears in pieces.items()}


def _samples(
    path: Path, sounds: Sequence[SoundTrack], *, at_ms: int
) -> dict[int, NDArray[np.float32]]:
    """Each sound, by track, with its channels (one or two rows), from ``at_ms`` on.

    A broken sound is left out; the others are then decoded one by one.
    """
    with TemporaryDirectory(prefix="yinling-") as folder:
        try:
            return _decoded(path, sounds, at_ms=at_ms, folder=Path(folder))
        except FfmpegFailed as failure:
            logger.info("Sounds of %s at %d ms: %s", path, at_ms, failure.detail)
    found: dict[int, NDArray[np.float32]] = {}
    for sound in sounds if len(sounds) > 1 else ():
        found |= _samples(path, [sound], at_ms=at_ms)
    return found


def _decoded(
    path: Path, sounds: Sequence[SoundTrack], *, at_ms: int, folder: Path
) -> dict[int, NDArray[np.float32]]:
    import numpy as np

    opened = open_input(path, ss=f"{at_ms / 1000:.3f}", t=SAMPLE_MS // 1000)
    files = {sound.track: folder / f"{sound.track}.raw" for sound in sounds}
    ears = {sound.track: 2 if sound.channels == 2 else 1 for sound in sounds}
    outputs = [
        ffmpeg.output(opened[f"a:{n}"], str(files[n]), format="f32le", ac=ears[n], ar=SAMPLE_RATE)
        for n in files
    ]
    run(ffmpeg.merge_outputs(*outputs), duration_ms=SAMPLE_MS)
    found = {}
    for track, file in files.items():
        samples = np.fromfile(file, dtype="<f4")
        # Whole windows, so that a window's voice probability can be matched with its samples.
        whole = len(samples) // (WINDOW * ears[track]) * WINDOW * ears[track]
        found[track] = samples[:whole].reshape(-1, ears[track]).T
    return found


def _judge(pieces: Sequence[NDArray[np.float32]]) -> SoundAnalysis:
    """The analysis of samples that have one row for each channel."""
    import numpy as np

    ears = np.concatenate(pieces, axis=1) if pieces else np.zeros((1, 0), dtype=np.float32)
    if not ears.size:
        return SoundAnalysis(None, False)
    out_of_phase = len(ears) == 2 and _is_out_of_phase(ears)
    one_ear = ears[0] - ears[1] if out_of_phase else ears.sum(axis=0)
    mixed = one_ear / len(ears)
    probabilities = np.fromiter(voice_probabilities([_audible(mixed)]), dtype=np.float32)
    spoken = probabilities >= SPEECH_STARTS_AT
    if spoken.sum() * WINDOW_MS < SHORTEST_VOICE_MS:
        return SoundAnalysis(None, out_of_phase)
    power = float((mixed.reshape(-1, WINDOW)[spoken] ** 2).mean())
    return SoundAnalysis(10 * float(np.log10(max(power, 1e-12))), out_of_phase)


def _audible(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """A very quiet sound, amplified: the model was trained on voices of normal loudness."""
    import numpy as np

    loud = float(np.percentile(np.abs(sound), LOUD_PERCENTILE))
    return sound * (AUDIBLE / loud) if 0 < loud < TOO_QUIET else sound


def _is_out_of_phase(ears: NDArray[np.float32]) -> bool:
    import numpy as np

    hertz = np.fft.rfftfreq(ears.shape[1], 1 / SAMPLE_RATE)
    of_voices = (hertz >= VOICE_HERTZ[0]) & (hertz <= VOICE_HERTZ[1])
    left, right = np.fft.rfft(ears, axis=1)[:, of_voices]
    alike, against = (float((np.abs(both) ** 2).sum()) for both in (left + right, left - right))
    return against > alike * 10 ** (OUT_OF_PHASE_DB / 10)
