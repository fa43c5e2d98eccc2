"""The default engine: Whisper through CTranslate2."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from subtitles.engines import Segment, Word, model_files
from subtitles.engines.speech import SpeechSpan, cut_chunks, find_speech, wav_duration_ms

BEAM_SIZE = 5
# Four windows share one pass over the weights: less work for fewer errors, and 900 MB
# (benchmarks/README.md).
WINDOWS_AT_ONCE = 4
LONGEST_WINDOW_MS = 29_000  # Whisper hears 30 s at a time


class FasterWhisper:
    """Eight-bit integers on a processor, half precision on a graphics card."""

    def __init__(self, model_file: str) -> None:
        from ctranslate2 import get_cuda_device_count
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        on_gpu = get_cuda_device_count() > 0
        self._model = WhisperModel(
            model_file,
            device="cuda" if on_gpu else "cpu",
            compute_type="float16" if on_gpu else "int8",
        )
        self._windows = BatchedInferencePipeline(self._model)

    @staticmethod
    def find_model(model: str) -> str:
        return str(model_files.find_ctranslate2_model(model))

    @staticmethod
    def has_model(model: str) -> bool:
        return not model_files.is_a_folder(model) or (Path(model) / "model.bin").is_file()

    def transcribe(
        self, audio: Path, *, language: str, prompt: str, hotwords: str, temperature: float = 0.0
    ) -> Iterator[Segment]:
        options: dict[str, Any] = {
            "language": language,
            "initial_prompt": prompt or None,
            "hotwords": hotwords or None,
            "word_timestamps": True,
            "beam_size": BEAM_SIZE,
        }
        if temperature:
            heard, _info = self._model.transcribe(
                str(audio),
                temperature=temperature,
                # The voice filter decides where nobody speaks. With either of these thresholds
                # alone a window of plain speech that is hard to make out is left out silently.
                log_prob_threshold=None,
                no_speech_threshold=None,
                **options,
            )
        else:
            # Each window by itself and with the prompt; windows are never judged to be silent.
            heard, _info = self._windows.transcribe(
                str(audio),
                clip_timestamps=[
                    {"start": window.start_ms / 1000, "end": window.end_ms / 1000}
                    for window in _cut_windows(audio)
                ],
                batch_size=WINDOWS_AT_ONCE,
                **options,
            )
        return (_segment(one) for one in heard)


def _cut_windows(audio: Path) -> list[SpeechSpan]:
    """Return what Whisper hears at a time, cut where people pause; none where nobody speaks."""
    whole = SpeechSpan(0, wav_duration_ms(audio))
    if whole.duration_ms <= LONGEST_WINDOW_MS:
        return [whole]
    speech = find_speech(audio, longest_ms=LONGEST_WINDOW_MS)
    return cut_chunks(speech, longest_ms=LONGEST_WINDOW_MS)


def _segment(heard: Any) -> Segment:
    words = tuple(
        Word(_ms(word.start), _ms(word.end), word.word, word.probability)
        for word in heard.words or ()
    )
    return Segment(
        start_ms=_ms(heard.start),
        end_ms=_ms(heard.end),
        text="".join(word.text for word in words),
        words=words,
        no_speech_probability=heard.no_speech_prob,
        avg_logprob=heard.avg_logprob,
        compression_ratio=heard.compression_ratio,
    )


def _ms(seconds: float) -> int:
    return round(float(seconds) * 1000)
