"""Chinese speech models, on a processor, through sherpa-onnx (docs/decisions/020).

Which model a folder holds is told by its files: FAMILIES. They take no prompt and no hot words,
and want short pieces, so a recording is cut where people pause.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from media.ffmpeg.voice_activity import SAMPLE_RATE
from subtitles.engines import EngineUnavailable, Segment, Word
from subtitles.engines.model_files import onnx_metadata
from subtitles.engines.speech import SpeechSpan, find_speech, read_wav

# What they are made for: all of them take it, and Qwen3-ASR has room for 512 tokens, a second of
# sound being 13 of them.
LONGEST_PIECE_MS = 20_000
LONGEST_TOKEN_MS = 600  # models say when a token begins; a slow syllable lasts no longer
TAG = re.compile(r"<\|[^|<>]*\|>")  # <|zh|>, <|NEUTRAL|>, <|BGM|>: what SenseVoice adds


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of model: its files by the arguments of `sherpa_onnx.OfflineRecognizer.<constructor>`.

    Of `x.onnx` the smaller `x.int8.onnx` is taken where it is there. `model_type` is what the
    weights say of themselves, for files of the same names; "" where the names are enough.
    """

    name: str
    constructor: str
    files: Mapping[str, str]
    model_type: str = ""


FAMILIES = (
    Family(
        "SenseVoice",
        "from_sense_voice",
        {"model": "model.onnx", "tokens": "tokens.txt"},
        model_type="sense_voice_ctc",
    ),
    Family(
        "Paraformer",
        "from_paraformer",
        {"paraformer": "model.onnx", "tokens": "tokens.txt"},
        model_type="paraformer",
    ),
    Family(
        "FireRedASR-CTC",
        "from_fire_red_asr_ctc",
        {"model": "model.onnx", "tokens": "tokens.txt"},
        model_type="fire-red-asr-2-ctc",
    ),
    Family(
        "FireRedASR",
        "from_fire_red_asr",
        {"encoder": "encoder.onnx", "decoder": "decoder.onnx", "tokens": "tokens.txt"},
    ),
    Family(
        "Qwen3-ASR",
        "from_qwen3_asr",
        {
            "conv_frontend": "conv_frontend.onnx",
            "encoder": "encoder.onnx",
            "decoder": "decoder.onnx",
            "tokenizer": "tokenizer",
        },
    ),
)
SENSE_VOICE_LANGUAGES = {"zh", "yue", "en", "ja", "ko"}
QWEN_LANGUAGES = {"zh": "Chinese", "yue": "Cantonese", "en": "English"}


def family_of(folder: Path) -> tuple[Family, dict[str, str]] | None:
    """Return what kind of model `folder` holds and its files' paths; None when it is none."""
    for family in FAMILIES:
        files = {argument: _present(folder, name) for argument, name in family.files.items()}
        paths = {argument: str(path) for argument, path in files.items() if path is not None}
        if len(paths) == len(files) and _is_of(family, paths):
            return family, paths
    return None


class SherpaOnnx:
    def __init__(self, model_file: str) -> None:
        found = family_of(Path(model_file))
        if found is None:
            raise ValueError(f"{model_file} holds no speech model that sherpa-onnx is used with")
        self._family, self._files = found
        # SenseVoice is told the language when it is loaded; a process hears one language.
        self._recognizer = cache(self._load)

    @staticmethod
    def find_model(model: str) -> str:
        if find_spec("sherpa_onnx") is None:
            raise EngineUnavailable(
                _("没有安装 sherpa-onnx，请先运行 pip install -r requirements.txt。")
            )
        folder = Path(settings.BASE_DIR) / model
        if family_of(folder) is None:
            raise EngineUnavailable(
                _(
                    "文件夹“%(folder)s”里没有 sherpa-onnx 能用的语音识别模型。"
                    "请用 bin/speech-model 把模型放进去，再试一次。"
                )
                % {"folder": model}
            )
        return str(folder)

    @staticmethod
    def has_model(model: str) -> bool:
        installed = find_spec("sherpa_onnx") is not None
        return installed and family_of(Path(settings.BASE_DIR) / model) is not None

    def transcribe(
        self, audio: Path, *, language: str, prompt: str, hotwords: str, temperature: float = 0.0
    ) -> Iterator[Segment]:
        recognizer = self._recognizer(language)
        for span in find_speech(audio, longest_ms=LONGEST_PIECE_MS):
            stream = recognizer.create_stream()
            if self._family.name == "Qwen3-ASR" and language in QWEN_LANGUAGES:
                stream.set_option("language", QWEN_LANGUAGES[language])
            stream.accept_waveform(SAMPLE_RATE, read_wav(audio, span))
            recognizer.decode_stream(stream)
            segment = _segment(stream.result, span)
            if segment is not None:
                yield segment

    def _load(self, language: str) -> Any:
        from sherpa_onnx import OfflineRecognizer

        options: dict[str, Any] = {}
        if self._family.name == "SenseVoice":  # with_itn: it writes marks, and numbers as digits
            known = language if language in SENSE_VOICE_LANGUAGES else "auto"
            options = {"language": known, "use_itn": True}
        elif self._family.name == "Qwen3-ASR":  # by itself it stops after 128 tokens
            options = {"max_new_tokens": 200}
        return getattr(OfflineRecognizer, self._family.constructor)(**self._files, **options)


def _present(folder: Path, name: str) -> Path | None:
    candidates = (folder / name.replace(".onnx", ".int8.onnx"), folder / name)
    return next((path for path in candidates if path.exists()), None)


def _is_of(family: Family, paths: Mapping[str, str]) -> bool:
    if not family.model_type:
        return True
    weights = next(path for path in paths.values() if path.endswith(".onnx"))
    try:
        return onnx_metadata(Path(weights)).get("model_type") == family.model_type
    except ValueError:
        return False


def _segment(result: Any, span: SpeechSpan) -> Segment | None:
    """Return what was heard in `span`, with the recording's times; None when it was nothing."""
    text = TAG.sub("", result.text).strip()
    if not text:
        return None
    words = _timed_words(text, result, span) or (Word(span.start_ms, span.end_ms, text, None),)
    told = [math.log(max(word.probability, 1e-9)) for word in words if word.probability is not None]
    return Segment(
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        text=text,
        words=words,
        avg_logprob=sum(told) / len(told) if told else None,
    )


def _timed_words(text: str, result: Any, span: SpeechSpan) -> tuple[Word, ...]:
    """Return `text` in the pieces that the model timed; () where it timed none, or other ones."""
    try:
        tokens = result.tokens
    except UnicodeDecodeError:  # a character that the model wrote in single bytes
        return ()
    times = [span.start_ms + round(seconds * 1000) for seconds in result.timestamps]
    sure: Sequence[float] = result.ys_log_probs
    if not tokens or len(times) != len(tokens):
        return ()
    spoken = [i for i, token in enumerate(tokens) if not TAG.fullmatch(token.strip())]
    pieces = _pieces(text, [tokens[i] for i in spoken])
    starts = [min(max(times[i], span.start_ms), span.end_ms) for i in spoken]
    ends = [
        min(start + LONGEST_TOKEN_MS, following)
        for start, following in zip(starts, [*starts[1:], span.end_ms], strict=True)
    ]
    beliefs = [math.exp(min(sure[i], 0.0)) if len(sure) == len(tokens) else None for i in spoken]
    return tuple(
        Word(start, max(start, end), piece, belief)
        for start, end, piece, belief in zip(starts, ends, pieces, beliefs, strict=False)
    )


def _pieces(text: str, tokens: Sequence[str]) -> list[str]:
    """Return `text` cut into one piece a token, blanks before it included; [] when they differ.

    Subwords bear the marks of their vocabulary: a ▁ before a word, @@ after a part of one.
    """
    pieces: list[str] = []
    here = 0
    for token in tokens:
        sought = token.replace("▁", " ").removesuffix("@@").strip()
        found = text.find(sought, here)
        if found < 0 or text[here:found].strip():
            return []
        pieces.append(text[here : found + len(sought)])
        here = found + len(sought)
    return [] if text[here:].strip() else pieces
