"""Find where people speak, and cut a recording into chunks at the silences between.

Audio here is always a 16 kHz mono 16-bit WAV, as media.ffmpeg.extraction writes it. It is
read as a stream: hours need no more memory than minutes.
"""

import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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

WINDOWS_AT_ONCE = 1000  # 32 s of audio in memory

SPEECH_ENDS_BELOW = 0.35
SHORTEST_SILENCE_MS = 320
SHORTEST_SPEECH_MS = 192
PADDING_MS = 400  # kept on either side of speech, at most half of the silence there

# What a death of the engine costs, and room for four of Whisper's windows, heard at once.
LONGEST_CHUNK_MS = 110_000


@dataclass(frozen=True, slots=True)
class SpeechSpan:
    """A stretch of the recording, in milliseconds from its start."""

    start_ms: int
    end_ms: int

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    def overlap_ms(self, start_ms: int, end_ms: int) -> int:
        return max(0, min(self.end_ms, end_ms) - max(self.start_ms, start_ms))


def wav_duration_ms(audio: Path) -> int:
    """Raises ValueError when `audio` is not a 16 kHz mono 16-bit WAV."""
    with _open_wav(audio) as wav:
        return wav.getnframes() * 1000 // SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Voice:
    """Where somebody speaks in a recording, in order, without overlaps."""

    voiced: list[SpeechSpan]
    """Exactly, as the voice filter hears it."""
    speech: list[SpeechSpan]
    """With a little silence on either side, for an engine; none longer than was asked for.
    Neighbours touch where a speaker made no pause for so long."""


def find_speech(audio: Path, *, longest_ms: int = LONGEST_CHUNK_MS) -> list[SpeechSpan]:
    """Return `find_voice(…).speech`."""
    return find_voice(audio, longest_ms=longest_ms).speech


def find_voice(audio: Path, *, longest_ms: int = LONGEST_CHUNK_MS) -> Voice:
    """Return where somebody speaks, the stretches of `speech` none above `longest_ms`.

    Raises ValueError when `audio` is not a 16 kHz mono 16-bit WAV.
    """
    probabilities = list(_speech_probabilities(audio))
    end_ms = wav_duration_ms(audio)
    stretches = list(_speech_windows(probabilities))
    voiced = [
        SpeechSpan(first * WINDOW_MS, min(end_ms, last * WINDOW_MS)) for first, last in stretches
    ]
    spans: list[SpeechSpan] = []
    for i, (first, last) in enumerate(stretches):
        silence_before = first - stretches[i - 1][1] if i else first
        silence_after = stretches[i + 1][0] - last if i + 1 < len(stretches) else PADDING_MS
        start_ms = first * WINDOW_MS - min(PADDING_MS, silence_before * WINDOW_MS // 2)
        for cut in _cuts_in_long_speech(probabilities, first, last, longest_ms):
            spans.append(SpeechSpan(start_ms, cut * WINDOW_MS))
            start_ms = cut * WINDOW_MS
        padded_ms = last * WINDOW_MS + min(PADDING_MS, silence_after * WINDOW_MS // 2)
        spans.append(SpeechSpan(start_ms, min(end_ms, padded_ms)))
    return Voice(voiced, spans)


def cut_chunks(
    speech: Sequence[SpeechSpan], *, longest_ms: int = LONGEST_CHUNK_MS
) -> list[SpeechSpan]:
    """Join neighbouring stretches of speech into as few chunks as fit `longest_ms` each."""
    chunks: list[SpeechSpan] = []
    for span in speech:
        if chunks and span.end_ms - chunks[-1].start_ms <= longest_ms:
            chunks[-1] = SpeechSpan(chunks[-1].start_ms, span.end_ms)
        else:
            chunks.append(span)
    return chunks


def read_wav(audio: Path, span: SpeechSpan | None = None) -> "NDArray[np.float32]":
    """Return the samples of `span` (None: of all the file), from -1 to 1.

    Raises ValueError when `audio` is not a 16 kHz mono 16-bit WAV.
    """
    return _samples(_read_frames(audio, span))


def copy_wav(audio: Path, span: SpeechSpan, target: Path) -> bytes:
    """Write `span` of `audio` as a WAV file of its own and return its raw samples."""
    frames = _read_frames(audio, span)
    with wave.open(str(target), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(SAMPLE_RATE)
        wav.writeframes(frames)
    return frames


def _samples(frames: bytes) -> "NDArray[np.float32]":
    import numpy as np

    return np.frombuffer(frames, dtype="<i2").astype(np.float32) / np.float32(32768)


def _read_frames(audio: Path, span: SpeechSpan | None) -> bytes:
    with _open_wav(audio) as wav:
        if span is None:
            return wav.readframes(wav.getnframes())
        wav.setpos(span.start_ms * SAMPLE_RATE // 1000)
        return wav.readframes(span.duration_ms * SAMPLE_RATE // 1000)


def _open_wav(audio: Path) -> wave.Wave_read:
    try:
        wav = wave.open(str(audio), "rb")  # noqa: SIM115 - the caller closes it
    except wave.Error as e:
        raise ValueError(f"{audio} is not a WAV file: {e}") from e
    found = (wav.getframerate(), wav.getnchannels(), wav.getsampwidth())
    if found != (SAMPLE_RATE, 1, 2):
        wav.close()
        raise ValueError(f"{audio} is {found}, not 16 kHz mono 16-bit")
    return wav


def _speech_probabilities(audio: Path) -> Iterator[float]:
    """Yield for each WINDOW of `audio` how probably somebody speaks in it."""
    with _open_wav(audio) as wav:
        blocks = iter(lambda: wav.readframes(WINDOW * WINDOWS_AT_ONCE), b"")
        yield from voice_probabilities(_samples(block) for block in blocks)


def _speech_windows(probabilities: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Yield (first, past the last) window of each stretch of speech."""
    first: int | None = None
    quiet_since: int | None = None
    for i, probability in enumerate([*probabilities, *[0.0] * (SHORTEST_SILENCE_MS // WINDOW_MS)]):
        if probability >= SPEECH_STARTS_AT:
            first = i if first is None else first
            quiet_since = None
        elif first is not None and probability < SPEECH_ENDS_BELOW:
            quiet_since = i if quiet_since is None else quiet_since
            if (i + 1 - quiet_since) * WINDOW_MS >= SHORTEST_SILENCE_MS:
                if (quiet_since - first) * WINDOW_MS >= SHORTEST_SPEECH_MS:
                    yield first, quiet_since
                first = quiet_since = None


def _cuts_in_long_speech(
    probabilities: Sequence[float], first: int, last: int, longest_ms: int
) -> Iterator[int]:
    """Yield the windows at which speech that is too long is cut: where it is faintest."""
    longest = (longest_ms - 2 * PADDING_MS) // WINDOW_MS
    while last - first > longest:
        candidates = range(first + longest // 2, first + longest)
        first = min(candidates, key=lambda window: probabilities[window])
        yield first
