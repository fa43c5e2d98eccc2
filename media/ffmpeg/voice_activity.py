"""Voice activity detection by the Silero model, window by window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
WINDOW = 512  # samples for one answer of the model
WINDOW_MS = WINDOW * 1000 // SAMPLE_RATE
CONTEXT = 64  # samples of the previous window, which the model takes as input again
SPEECH_STARTS_AT = 0.5


def voice_probabilities(blocks: Iterable[NDArray[np.float32]]) -> Iterator[float]:
    """Yield the probability of speech, 0 to 1, for each WINDOW of the sound.

    The sound is 16 kHz mono, -1 to 1, in blocks of whole windows; the last one is padded with
    silence.
    """
    # Imported here: it loads CTranslate2 and ONNX, which a web process never needs.
    import numpy as np
    from faster_whisper.vad import get_vad_model

    session = get_vad_model().session
    memory = cell = np.zeros((1, 1, 128), dtype=np.float32)
    tail: NDArray[np.float32] = np.zeros(CONTEXT, dtype=np.float32)
    for block in blocks:
        windows = np.pad(block, (0, -len(block) % WINDOW)).reshape(-1, WINDOW)
        contexts = np.vstack([tail, windows[:-1, -CONTEXT:]])
        tail = windows[-1, -CONTEXT:]
        output, memory, cell = session.run(
            None, {"input": np.hstack([contexts, windows]), "h": memory, "c": cell}
        )
        yield from output.ravel().tolist()
