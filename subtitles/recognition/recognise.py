"""From a recording to what was said and when, by an engine in a process of its own."""

import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from media.errors import ExplainedError
from media.files import half_made
from subtitles.chinese.cleaning import clean_segments, is_understood
from subtitles.engines import Segment, Word, engine_class
from subtitles.engines.speech import SpeechSpan, copy_wav, cut_chunks, find_voice, wav_duration_ms
from subtitles.recognition.holes import Retry, fill_holes, find_holes

logger = logging.getLogger(__name__)

ATTEMPTS_PER_CHUNK = 3
RECIPE = 2  # raise it when an engine's own options change, so that stored chunks are done anew

# A sentence of which less than this share falls where somebody speaks was invented.
SPOKEN_SHARE = 0.25
# Share of the time that hearing everything once takes; the rest is for the holes.
FIRST_HEARING_SHARE = 0.95


class RecognitionFailed(ExplainedError):
    """The engine failed time after time; str() is a sentence for people.

    `detail` is the engine's last line of complaint, for the log.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(_("语音识别程序多次意外停止，没能生成字幕。"), detail=detail)


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was said: cleaned sentences in order (each word of them a character), and the holes,
    where somebody speaks and no way of hearing found words."""

    sentences: list[Segment]
    holes: list[SpeechSpan]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionOptions:
    """All that decides the outcome: an unchanged chunk under unchanged options is not done again.

    `engine` is a name of `settings.SUBTITLE_ENGINES`; `model` a folder, a hub name or "bundled";
    `language` a Whisper code ("zh", "yue"). `prompt` and `hotwords` may be empty.
    """

    engine: str
    model: str
    language: str = "zh"
    prompt: str = ""
    hotwords: str = ""


def recognise(
    audio: Path,
    *,
    work_dir: Path,
    options: RecognitionOptions,
    on_progress: Callable[[float], None] | None = None,
) -> Recognition:
    """Return what is said in `audio` (16 kHz mono 16-bit WAV), times of the whole file.

    Finished chunks are kept in `work_dir`: a second call with the same arguments goes on where
    the first was cut off. The caller deletes `work_dir` once the result is safe.
    `on_progress` hears the finished fraction, 0 to 1, after every chunk.
    Raises EngineUnavailable, RecognitionFailed, or ValueError when `audio` is not such a WAV.
    """
    work_dir.mkdir(parents=True, exist_ok=True)
    tell = on_progress or (lambda fraction: None)
    voice = find_voice(audio)
    chunks = cut_chunks(voice.speech)
    total_ms = sum(chunk.duration_ms for chunk in chunks)
    done_ms = 0
    heard: list[Segment] = []
    with (
        tempfile.TemporaryDirectory(dir=work_dir, prefix="scratch-") as scratch,
        _engine_keeper(options, Path(scratch)) as transcribe,
    ):

        def hear(
            span: SpeechSpan, how: RecognitionOptions, temperature: float = 0.0
        ) -> list[Segment]:
            cut = Path(scratch) / "chunk.wav"
            request = _Request(cut, how.language, how.prompt, how.hotwords, temperature)
            name = _fingerprint(copy_wav(audio, span, cut), how, temperature)
            stored = work_dir / f"{name}.json"
            if not stored.exists():
                _store(transcribe(request), stored)
            return [_shifted(segment, span.start_ms) for segment in _load(stored)]

        def hear_again(hole: SpeechSpan, retry: Retry) -> list[Segment]:
            start_ms = max(0, hole.start_ms - retry.context_ms)
            end_ms = min(wav_duration_ms(audio), hole.end_ms + retry.context_ms)
            how = options if retry.prompted else replace(options, prompt="", hotwords="")
            segments = hear(SpeechSpan(start_ms, end_ms), how, retry.temperature)
            return list(filter(is_understood, clean_segments(segments, prompt=how.prompt)))

        for chunk in chunks:
            heard += hear(chunk, options)
            done_ms += chunk.duration_ms
            tell(FIRST_HEARING_SHARE * done_ms / total_ms)
        said = [
            sentence
            for sentence in clean_segments(heard, prompt=options.prompt)
            if _is_spoken(sentence, voice.speech) and is_understood(sentence)
        ]
        sentences, holes = fill_holes(find_holes(voice.voiced, said), said, hear=hear_again)
    tell(1.0)
    return Recognition(sentences, holes)


def _fingerprint(samples: bytes, options: RecognitionOptions, temperature: float) -> str:
    digest = hashlib.sha256(json.dumps([RECIPE, asdict(options), temperature]).encode())
    digest.update(samples)
    return digest.hexdigest()


def _store(segments: Sequence[Segment], target: Path) -> None:
    with half_made(target) as [name]:
        name.write_text(json.dumps([asdict(segment) for segment in segments]), encoding="utf-8")


def _load(stored: Path) -> list[Segment]:
    return [_segment(fields) for fields in json.loads(stored.read_text(encoding="utf-8"))]


def _segment(fields: dict[str, Any]) -> Segment:
    return Segment(**{**fields, "words": tuple(Word(**word) for word in fields["words"])})


def _shifted(segment: Segment, by_ms: int) -> Segment:
    words = (
        replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms)
        for word in segment.words
    )
    return replace(
        segment,
        start_ms=segment.start_ms + by_ms,
        end_ms=segment.end_ms + by_ms,
        words=tuple(words),
    )


def _is_spoken(sentence: Segment, speech: Iterable[SpeechSpan]) -> bool:
    spoken_ms = sum(span.overlap_ms(sentence.start_ms, sentence.end_ms) for span in speech)
    return spoken_ms > SPOKEN_SHARE * (sentence.end_ms - sentence.start_ms)


@dataclass(frozen=True, slots=True)
class _Request:
    """What the engine's process is asked; see `Engine.transcribe`."""

    audio: Path
    language: str
    prompt: str
    hotwords: str
    temperature: float


@contextmanager
def _engine_keeper(
    options: RecognitionOptions, scratch: Path
) -> Iterator[Callable[[_Request], list[Segment]]]:
    """Give a function that does one request, starting the engine when and as often as needed.

    The engine is stopped at the end, also after an error.
    """
    process: _EngineProcess | None = None

    def transcribe(request: _Request) -> list[Segment]:
        nonlocal process
        attempt = 1
        while True:
            process = process or _EngineProcess(options, log=scratch / "engine.log")
            try:
                return process.transcribe(request)
            except _EngineDied as death:
                logger.warning("speech engine died (attempt %d): %s", attempt, death)
                process.stop()
                process = None
                if attempt == ATTEMPTS_PER_CHUNK:
                    raise RecognitionFailed(str(death)) from death
            attempt += 1

    try:
        yield transcribe
    finally:
        if process:
            process.stop()


class _EngineDied(Exception):
    """The child left before it had answered; str() says how."""


class _EngineProcess:
    def __init__(self, options: RecognitionOptions, *, log: Path) -> None:
        self._log = log
        model_file = engine_class(options.engine).find_model(options.model)
        dotted_path = settings.SUBTITLE_ENGINES[options.engine]
        with log.open("wb") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "subtitles.engines.child", dotted_path, model_file],
                cwd=settings.BASE_DIR,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                encoding="utf-8",
            )

    def transcribe(self, request: _Request) -> list[Segment]:
        """Raises _EngineDied."""
        fields = {**asdict(request), "audio": str(request.audio.resolve())}
        try:
            requests = _pipe(self._process.stdin)
            requests.write(json.dumps(fields) + "\n")
            requests.flush()
        except BrokenPipeError as e:
            raise _EngineDied(self._last_words()) from e
        heard: list[Segment] = []
        for line in _pipe(self._process.stdout):
            answer = json.loads(line)
            if "done" in answer:
                return heard
            heard.append(_segment(answer))
        raise _EngineDied(self._last_words())

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        _pipe(self._process.stdout).close()
        with suppress(BrokenPipeError):  # it died before it read a request
            _pipe(self._process.stdin).close()

    def _last_words(self) -> str:
        status = self._process.wait()
        complaints = self._log.read_text(errors="replace").strip().splitlines()
        return f"exit status {status}: {complaints[-1] if complaints else 'nothing said'}"


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None  # both ends are asked for when the process is made
    return stream
