"""The reference engine: OpenAI's own Whisper, on torch (requirements-openai-whisper.txt)."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.utils.translation import gettext as _

from subtitles.engines import EngineUnavailable, Segment, Word, model_files
from subtitles.engines.speech import read_wav

BEAM_SIZE = 5
TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # the next where the text repeats itself


class OpenAIWhisper:
    def __init__(self, model_file: str) -> None:
        import whisper

        self._model = whisper.load_model(model_file)

    @staticmethod
    def find_model(model: str) -> str:
        if find_spec("whisper") is None:
            raise EngineUnavailable(
                _(
                    "没有安装 openai-whisper，请先运行 "
                    "pip install -r requirements-openai-whisper.txt，或改用 faster-whisper。"
                )
            )
        return str(model_files.find_openai_model(model))

    @staticmethod
    def has_model(model: str) -> bool:
        installed = find_spec("whisper") is not None
        return installed and (not model_files.is_a_folder(model) or Path(model).is_file())

    def transcribe(
        self, audio: Path, *, language: str, prompt: str, hotwords: str, temperature: float = 0.0
    ) -> Iterator[Segment]:
        # It knows no hot words; they join the prompt, which is all that engine offers.
        result = self._model.transcribe(
            read_wav(audio),
            language=language,
            beam_size=BEAM_SIZE,
            best_of=BEAM_SIZE,
            temperature=[step for step in TEMPERATURES if step >= temperature],
            initial_prompt=(prompt + hotwords) or None,
            condition_on_previous_text=False,
            # The voice filter decides where nobody speaks. With either of these thresholds alone
            # a window of plain speech that is hard to make out is left out without a word.
            logprob_threshold=None,
            no_speech_threshold=None,
            word_timestamps=True,
            fp16=self._model.device.type == "cuda",
        )
        for segment in result["segments"]:
            words = tuple(
                Word(_ms(word["start"]), _ms(word["end"]), word["word"], word["probability"])
                for word in segment["words"]
            )
            yield Segment(
                start_ms=_ms(segment["start"]),
                end_ms=_ms(segment["end"]),
                text="".join(word.text for word in words),
                words=words,
                no_speech_probability=segment["no_speech_prob"],
                avg_logprob=segment["avg_logprob"],
                compression_ratio=segment["compression_ratio"],
            )


def _ms(seconds: float) -> int:
    return round(float(seconds) * 1000)
