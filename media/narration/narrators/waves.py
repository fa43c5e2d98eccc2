"""WAV files of speech (mono, 16 bit): read, trimmed, joined with pauses between."""

import wave
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from media.narration.narrators import SentenceSpan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Silence before the first sentence, between two, and after the last.
LEAD_MS, BREATH_MS, TAIL_MS = 300, 550, 500
#: At a sentence's ends, what is below this share of the loudest sample counts as silence.
SILENT_SHARE = 0.01


def read_samples(path: Path) -> "NDArray[np.int16]":
    import numpy as np

    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def join_sentences(parts: Sequence[Path], target: Path) -> list[SentenceSpan]:
    """Write the sentences' sounds one after the other to `target`; return their spans.

    All have the same sample rate. A silent part keeps a span of its own length.
    """
    import numpy as np

    with wave.open(str(parts[0])) as first:
        rate = first.getframerate()

    def silence(ms: int) -> "NDArray[np.int16]":
        return np.zeros(rate * ms // 1000, dtype="<i2")

    pieces, spans = [silence(LEAD_MS)], []
    at = len(pieces[0])
    for part in parts:
        samples = _trimmed(read_samples(part))
        spans.append(SentenceSpan(at * 1000 // rate, (at + len(samples)) * 1000 // rate))
        pieces += [samples, silence(BREATH_MS)]
        at += len(samples) + len(pieces[-1])
    pieces[-1] = silence(TAIL_MS)
    with wave.open(str(target), "wb") as joined:
        joined.setnchannels(1)
        joined.setsampwidth(2)
        joined.setframerate(rate)
        joined.writeframes(np.concatenate(pieces).tobytes())
    return spans


def _trimmed(samples: "NDArray[np.int16]") -> "NDArray[np.int16]":
    import numpy as np

    loud = np.abs(samples.astype(int))
    heard = np.flatnonzero(loud > SILENT_SHARE * loud.max(initial=0))
    return samples[heard[0] : heard[-1] + 1] if len(heard) else samples
