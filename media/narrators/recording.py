"""A person's recording: which part of it is which sentence, found by its pauses.

No recogniser is asked what was said, since the text is known. Somebody who reads aloud breathes
between sentences and speaks at an even pace; so of all ways to lay the sentence ends on pauses,
that one is taken whose stretches of speech are nearest to the lengths of the sentences, long
pauses being likelier ends than short ones.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from media.ffmpeg import SPEECH_RATE, OnProgress, extract_speech
from media.hearing import examine
from media.narrators import NarrationRefused, Reading, Span
from media.narrators.waves import read_samples
from media.sentences import spoken_length

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

READ_IN = "zh"
FRAME_MS = 10
SHORTEST_PAUSE_MS = 90
#: How many characters a second a person may read: old storytellers to newsreaders.
SLOWEST, FASTEST = 1.2, 9.0
#: A stretch may be off by so much of its length, and by so much besides, before it counts.
OFF_SHARE, OFF_MS = 0.12, 120.0
#: What a pause half as long costs, on the same scale.
PAUSE_WEIGHT = 2.0


class Recording:
    """A narrator that has read already: `source` is the sound file that somebody uploaded."""

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


def align(speech: Path, sentences: Sequence[str]) -> list[Span]:
    """When each sentence is said in `speech` (16 kHz mono WAV).

    Raises NarrationRefused when the sound is silent, or far too short or too long for the text.
    """
    import numpy as np

    voiced = _voiced_frames(read_samples(speech))
    said_at = np.flatnonzero(voiced)
    spoken_ms = FRAME_MS * len(said_at)
    lengths = np.array([spoken_length(sentence) for sentence in sentences], dtype=float)
    pace = lengths.sum() / max(spoken_ms / 1000, 0.001)
    if not SLOWEST <= pace <= FASTEST:
        raise NarrationRefused(
            _(
                "录音里说话的时间大约%(seconds)d秒，和朗读稿对不上。请照着朗读稿一字一句读完，再上传。"
            )
            % {"seconds": spoken_ms / 1000}
        )
    spoken_before = np.concatenate(([0.0], np.cumsum(voiced))) * FRAME_MS
    expected = lengths / lengths.sum() * spoken_ms
    # A sentence may end without any pause: then where its length says.
    guesses = np.searchsorted(spoken_before, np.cumsum(expected)[:-1])
    places = sorted([*_pauses(voiced, said_at), *((int(at), int(at)) for at in guesses)])
    pauses = np.array(places, dtype=np.int64).reshape(-1, 2)
    chosen = _lay_ends_on_pauses(pauses, spoken_before, expected)
    starts = [int(said_at[0]), *(int(pauses[i][1]) for i in chosen)]
    ends = [*(int(pauses[i][0]) for i in chosen), int(said_at[-1]) + 1]
    return [
        Span(start * FRAME_MS, max(end, start + 1) * FRAME_MS)
        for start, end in zip(starts, ends, strict=True)
    ]


def _voiced_frames(samples: "NDArray[np.int16]") -> "NDArray[np.bool_]":
    """For each 10 ms whether somebody speaks: louder than the middle of room and voice."""
    import numpy as np

    size = SPEECH_RATE * FRAME_MS // 1000
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(float)
    level = 10 * np.log10((frames**2).mean(axis=1) + 1.0)  # dB over one step of 16 bits
    if not len(level):
        return np.zeros(0, dtype=bool)
    room, voice = np.percentile(level, (5, 90))
    # The room of a computer's voice is digital silence: then a fixed way below the voice.
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
    """Which pause ends each sentence but the last: the cheapest way, found sentence by sentence."""
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
        ways[np.tril_indices(len(at_ms))] = np.inf  # an end comes after the end before it
        came_from.append(ways.argmin(axis=0))
        cost = ways.min(axis=0) + price
    if len(expected) == 1:
        return []
    cost = cost + ((spoken_before[-1] - at_ms - expected[-1]) / sigma[-1]) ** 2
    chosen = [int(cost.argmin())]
    for before in reversed(came_from):
        chosen.insert(0, int(before[chosen[0]]))
    return chosen
