"""Which of a film's sounds somebody speaks in, heard in samples of it.

Tags and order tell too little: cameras write a silent track first, programs call every language
``und``, and a microphone plugged in wrongly is out of phase.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import ffmpeg

from media.ffmpeg import FfmpegFailed, open_input, run
from media.probe import Probe, probe
from media.tracks import SoundTrack
from media.voice import SAMPLE_RATE, SPEECH_STARTS_AT, WINDOW, WINDOW_MS, voice_probabilities

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

SAMPLE_MS = 20_000
SAMPLES = 3
#: Where nobody speaks in those, so many are listened to before it is said that nobody does.
MORE_SAMPLES = 24
SHORTEST_VOICE_MS = 500
#: Two voices as near as that are equally loud: then other things decide.
AS_LOUD_DB = 6.0
#: By so much the difference of the ears must be stronger than their sum, in the range of the
#: voice: the hum of a cable, which is alike in both, lies below it.
OUT_OF_PHASE_DB = 6.0
#: Shares of full scale, between which the louder samples of a quiet voice are lifted.
TOO_QUIET, AUDIBLE, LOUD_PERCENTILE = 0.02, 0.2, 99
VOICE_HERTZ = (200, 4000)
#: What cameras and editing programs call the languages that are spoken here.
TAGS_OF_LANGUAGE = {"zh": {"zh", "chi", "zho", "cmn"}, "yue": {"yue"}}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a sound is like, as far as it was listened to."""

    voice_db: float | None
    """How loud the voice is, in dB below full scale (so negative); None when none was heard."""
    out_of_phase: bool


def examine(path: Path, *, language: str, track: int | None = None) -> Probe:
    """Probe a file, and listen: the sound looked at is ``track``, or with None the one in which
    ``language`` ("zh", "yue") is spoken. Takes a second or two. Raises UnusableMedia.
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


def best_sound(sounds: Sequence[SoundTrack], heard: dict[int, Heard], *, language: str) -> int:
    """The track in which the language is spoken, and spoken loudest; of equals the one that a
    player would play, then the first."""
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


def listen(path: Path, facts: Probe) -> dict[int, Heard]:
    """What is heard in each of the film's sounds, by its track; nothing in one that is broken."""
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
    """Where the samples begin, in milliseconds: evenly spread, and touching in a short film."""
    count = max(1, min(count, -(-duration_ms // SAMPLE_MS)))
    free_ms = max(0, duration_ms - count * SAMPLE_MS)
    return [
        number * SAMPLE_MS + free_ms * (2 * number + 1) // (2 * count) for number in range(count)
    ]


def _listen_at(path: Path, facts: Probe, places_ms: Sequence[int]) -> dict[int, Heard]:
    pieces: dict[int, list[NDArray[np.float32]]] = {one.track: [] for one in facts.sounds}
    for at_ms in places_ms:
        for track, ears in _samples(path, facts.sounds, at_ms=at_ms).items():
            pieces[track].append(ears)
    return {track: _judge(ears) for track, ears in pieces.items()}


def _samples(
    path: Path, sounds: Sequence[SoundTrack], *, at_ms: int
) -> dict[int, NDArray[np.float32]]:
    """Each sound, by its track, with its ears (one or two rows) from a place of the film on.

    One that is broken is left out, and takes no other with it.
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
        # Whole windows, so that what is heard in them lies on one scale with the samples.
        whole = len(samples) // (WINDOW * ears[track]) * WINDOW * ears[track]
        found[track] = samples[:whole].reshape(-1, ears[track]).T
    return found


def _judge(pieces: Sequence[NDArray[np.float32]]) -> Heard:
    """Of samples that have one row for each ear."""
    import numpy as np

    ears = np.concatenate(pieces, axis=1) if pieces else np.zeros((1, 0), dtype=np.float32)
    if not ears.size:
        return Heard(None, False)
    out_of_phase = len(ears) == 2 and _is_out_of_phase(ears)
    one_ear = ears[0] - ears[1] if out_of_phase else ears.sum(axis=0)
    mixed = one_ear / len(ears)
    probabilities = np.fromiter(voice_probabilities([_audible(mixed)]), dtype=np.float32)
    spoken = probabilities >= SPEECH_STARTS_AT
    if spoken.sum() * WINDOW_MS < SHORTEST_VOICE_MS:
        return Heard(None, out_of_phase)
    power = float((mixed.reshape(-1, WINDOW)[spoken] ** 2).mean())
    return Heard(10 * float(np.log10(max(power, 1e-12))), out_of_phase)


def _audible(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """A very quiet sound, lifted: the model was taught by voices that people can hear."""
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
