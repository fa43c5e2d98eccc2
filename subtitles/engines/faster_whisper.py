"""The default engine: Whisper through CTranslate2."""

from collections.abc import Iterator
from pathlib import Path

from subtitles import model_files
from subtitles.engines import Segment, Word

BEAM_SIZE = 5


class FasterWhisper:
    """Eight-bit integers on a processor, half precision on a graphics card."""

    def __init__(self, model_file: str) -> None:
        from ctranslate2 import get_cuda_device_count
        from faster_whisper import WhisperModel

        on_gpu = get_cuda_device_count() > 0
        self._model = WhisperModel(
            model_file,
            device="cuda" if on_gpu else "cpu",
            compute_type="float16" if on_gpu else "int8",
        )

    @staticmethod
    def find_model(model: str) -> str:
        return str(model_files.find_ctranslate2_model(model))

    @staticmethod
    def has_model(model: str) -> bool:
        return not model_files.is_a_folder(model) or (Path(model) / "model.bin").is_file()

    def transcribe(
        self, audio: Path, *, language: str, prompt: str, hotwords: str
    ) -> Iterator[Segment]:
        heard, _info = self._model.transcribe(
            str(audio),
            language=language,
            beam_size=BEAM_SIZE,
            initial_prompt=prompt or None,
            hotwords=hotwords or None,
            vad_filter=True,
            # Decoded anew, warmer, only when the text repeats itself. A low probability is mostly
            # that of the scrap after the last sentence: six decodings of it were measured to take
            # more work than all the speech before, for the same errors.
            log_prob_threshold=None,
            condition_on_previous_text=False,
            word_timestamps=True,
        )
        for segment in heard:
            words = tuple(
                Word(_ms(word.start), _ms(word.end), word.word, word.probability)
                for word in segment.words or ()
            )
            yield Segment(
                start_ms=_ms(segment.start),
                end_ms=_ms(segment.end),
                text="".join(word.text for word in words),
                words=words,
                no_speech_probability=segment.no_speech_prob,
                avg_logprob=segment.avg_logprob,
                compression_ratio=segment.compression_ratio,
            )


def _ms(seconds: float) -> int:
    return round(float(seconds) * 1000)
