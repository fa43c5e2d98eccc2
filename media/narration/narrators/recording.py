"""Alignment of a person's recording with the sentences of the text, by its pauses.

No speech recognition is needed, since the text is known. Readers pause between sentences and speak
at an even pace. So of all ways to put the sentence ends on pauses, the one is taken whose stretches
of speech best match the lengths of the sentences; long pauses are likelier ends than short ones.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from media.ffmpeg.extraction import SPEECH_RATE, extract_speech
from media.ffmpeg.process import OnProgress
from media.ffmpeg.speech_detection import examine
from media.narration.narrators import NarrationRefused, Reading, SentenceSpan
from media.narration.narrators.waves import read_samples
from media.narration.sentences import spoken_length

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

READ_IN = "zh"
FRAME_MS = 10
SHORTEST_PAUSE_MS = 90
#: Characters a second, from slow storytellers to newsreaders; outside, the text does not match.
SLOWEST, FASTEST = 1.2, 9.0
#: Tolerance of a stretch's length: a share of it, plus a constant.
OFF_SHARE, OFF_MS = 0.12, 120.0
#: Cost of a pause that is half as long, in the same unit as the squared deviation.
PAUSE_WEIGHT = 2.0


class Recording:
    """A narrator whose reading exists: `source` is the uploaded sound file."""

    def __init__(self, source: Path) -> None:
        self.source = source

    def read(
        self, sentences: Sequence[str], *, folder: Path, on_progress: OnProgress | None = None
    ) -> Reading:
        facts = examine(self.source, language=READ_IN)
        facts.require_sound()
        speech = folder / "speech.wav"
        extract_speech(
            self.source,
            speech,
            duration_ms=facts.duration_ms,
            track=facts.audio_track,
            out_of_phase=facts.out_of_phase,
            on_progress=on_progress,
        )
        return Reading(self.source, align(speech, sentences))


def align(speech: Path, sentences: Sequence[str]) -> list[SentenceSpan]:
    """When each sentence is said in `speech` (16 kHz mono WAV).

    Raises NarrationRefused when the sound is silent, or far too short or too long for the text.
    """
    import numpy as np

    voiced = _voiced_frames(read_samples(speech))
    spoken_ms = FRAME_MS * int(np.count_nonzero(voiced))
    lengths = [spoken_length(sentence) for sentence in sentences]
    pace = sum(lengths) / max(spoken_ms / 1000, 0.001)
    if not SLOWEST <= pace <= FASTEST:
        raise NarrationRefused(
            _(
                "录音里说话的时间大约%(seconds)d秒，和朗读稿对不上。请照着朗读稿一字一句读完，再上传。"
            )
            % {"seconds": spoken_ms / 1000}
        )
    return _laid_on_pauses(voiced, lengths)


def parts_of(samples: "NDArray[np.int16]", lengths: Sequence[int]) -> list[SentenceSpan]:
    """When each part of one sentence is said in its `samples` (16 kHz, mono).

    `lengths` are the parts' spoken characters. Empty when nobody speaks there.
    """
    voiced = _voiced_frames(samples)
    return _laid_on_pauses(voiced, lengths) if voiced.any() else []


def _laid_on_pauses(voiced: "NDArray[np.bool_]", lengths: Sequence[int]) -> list[SentenceSpan]:
    import numpy as np

    said_at = np.flatnonzero(voiced)
    share = np.array(lengths, dtype=float) / sum(lengths)
    spoken_before = np.concatenate(([0.0], np.cumsum(voiced))) * FRAME_MS
    expected = share * FRAME_MS * len(said_at)
    # A sentence may end without a pause: then by its expected length.
    guesses = np.searchsorted(spoken_before, np.cumsum(expected)[:-1])
    places = sorted([*_pauses(voiced, said_at), *((int(at), int(at)) for at in guesses)])
    pauses = np.array(places, dtype=np.int64).reshape(-1, 2)
    chosen = _lay_ends_on_pauses(pauses, spoken_before, expected)
    starts = [int(said_at[0]), *(int(pauses[i][1]) for i in chosen)]
    ends = [*(int(pauses[i][0]) for i in chosen), int(said_at[-1]) + 1]
    return [
        SentenceSpan(start * FRAME_MS, max(end, start + 1) * FRAME_MS)
        for start, end in zip(starts, ends, strict=True)
    ]


def _voiced_frames(samples: "NDArray[np.int16]") -> "NDArray[np.bool_]":
    """For each 10 ms whether there is speech: louder than between noise floor and voice."""
    import numpy as np

    size = SPEECH_RATE * FRAME_MS // 1000
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(float)
    level = 10 * np.log10((frames**2).mean(axis=1) + 1.0)  # dB over one step of 16 bits
    if not len(level):
        return np.zeros(0, dtype=bool)
    room, voice = np.percentile(level, (5, 90))
    # A synthetic voice has digital silence between words: then a fixed distance below the voice.
    threshold = max(room + 0.35 * (voice - room), voice - 38.0, 20.0)
    return level > threshold


def _pauses(voiced: "NDArray[np.bool_]", said_at: "NDArray[np.intp]") -> list[tuple[int, int]]:
    """(first frame, frame after) of each pause between the first and the last word."""
    import numpy as np

    gaps = np.diff(said_at)
    shortest = SHORTEST_PAUSE_MS // FRAME_MS
    return [(int(said_at[i]) + 1, int(said_at[i + 1])) for i in np.flatnonzero(gaps > shortest)]


def _lay_ends_on_pauses(
    pauses: "NDArray[np.int64]",
    spoken_before: "NDArray[np.float64]",
    expected: "NDArray[np.float64]",
) -> list[int]:
    """Which pause ends each sentence but the last: the cheapest path (dynamic programming)."""
    import numpy as np

    length_ms = (pauses[:, 1] - pauses[:, 0]) * float(FRAME_MS)
    longest = max(float(length_ms.max(initial=0.0)), float(SHORTEST_PAUSE_MS))
    price = PAUSE_WEIGHT * np.log2(longest / np.maximum(length_ms, SHORTEST_PAUSE_MS / 3))
    at_ms = spoken_before[pauses[:, 0]]
    sigma = OFF_SHARE * expected + OFF_MS
    cost = price + ((at_ms - expected[0]) / sigma[0]) ** 2
    came_from: list[NDArray[np.intp]] = []
    for length, off in zip(expected[1:-1], sigma[1:-1], strict=True):
        stretch = at_ms[None, :] - at_ms[:, None]
        ways = cost[:, None] + ((stretch - length) / off) ** 2
        ways[np.tril_indices(len(at_ms))] = np.inf  # ends are in order
        came_from.append(ways.argmin(axis=0))
        cost = ways.min(axis=0) + price
    if len(expected) == 1:
        return []
    cost = cost + ((spoken_before[-1] - at_ms - expected[-1]) / sigma[-1]) ** 2
    chosen = [int(cost.argmin())]
    for before in reversed(came_from):
        chosen.insert(0, int(before[chosen[0]]))
    return chosen
