"""Speech engines: one protocol, chosen by name in the settings.

To add one, write `subtitles/engines/<name>.py` with a class like `FasterWhisper`
and give its dotted path a name in `settings.SUBTITLE_ENGINES`; the contract test runs it by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _


class EngineUnavailable(Exception):
    """The engine or its model cannot be used; str() is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters as the engine timed it (not a dictionary word).

    `probability` is the engine's own belief, 0 to 1; None when it does not tell. Of what
    `subtitles.recognition.doubts.judged` has gone over it is how probably the word is right.
    """

    start_ms: int
    end_ms: int
    text: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class Segment:
    """What an engine hears in one breath; the texts of `words` joined make `text`.

    `no_speech_probability` (0 to 1), `avg_logprob` (natural logarithm, at most 0) and
    `compression_ratio` (above 2.4 the text repeats itself) are what cleaning judges by. They are
    Whisper's; None means that the engine does not tell.
    """

    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...]
    no_speech_probability: float | None = None
    avg_logprob: float | None = None
    compression_ratio: float | None = None


class Engine(Protocol):
    def transcribe(
        self, audio: Path, *, language: str, prompt: str, hotwords: str, temperature: float = 0.0
    ) -> Iterator[Segment]:
        """Yield what is said in `audio` (16 kHz mono WAV) in the order of time.

        `language` is a Whisper code ("zh", "yue"); `prompt` and `hotwords` may be empty. At a
        `temperature` of 0 the likeliest words are taken, above it others may be: an engine that
        knows no such thing ignores it.
        """
        ...


class EngineClass(Protocol):
    """What stands behind a dotted path in `settings.SUBTITLE_ENGINES`."""

    def __call__(self, model_file: str) -> Engine: ...

    def find_model(self, model: str) -> str:
        """Return the path of the model called `model`, making or fetching it if need be.

        Raises EngineUnavailable when the engine or the model is not there.
        """
        ...

    def has_model(self, model: str) -> bool:
        """Whether engine and model are on this machine, or may be fetched; fetches nothing."""
        ...


def engine_class(name: str) -> EngineClass:
    """Return the class of the engine called `name`; raises EngineUnavailable if none is."""
    try:
        dotted_path = settings.SUBTITLE_ENGINES[name]
    except KeyError:
        known = "、".join(sorted(settings.SUBTITLE_ENGINES))
        raise EngineUnavailable(
            _("没有名为“%(name)s”的字幕引擎，可用的有：%(known)s。")
            % {"name": name, "known": known}
        ) from None
    return cast(EngineClass, import_string(dotted_path))


def is_there(name: str, model: str) -> bool:
    """Whether the engine `name` with `model` is on this machine, or may be fetched."""
    return name in settings.SUBTITLE_ENGINES and engine_class(name).has_model(model)


def load_engine(name: str, *, model: str) -> Engine:
    """Load the engine `name` of the settings with `model`: a folder, a hub name or "bundled".

    Raises EngineUnavailable.
    """
    chosen = engine_class(name)
    return chosen(chosen.find_model(model))
