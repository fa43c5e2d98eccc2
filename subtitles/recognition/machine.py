"""Machine subtitles from start to end, for the worker and for the command alike."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from media.choices import SpokenLanguage
from subtitles.chinese.homophones import Vocabulary, put_right
from subtitles.chinese.words import domain_prompt, domain_words
from subtitles.cues import STANDARD, Cue, CueRules, build_cues
from subtitles.cues.chapters import with_chapters
from subtitles.engines import is_there
from subtitles.engines.speech import wav_duration_ms
from subtitles.recognition.doubts import judged
from subtitles.recognition.holes import marked
from subtitles.recognition.recognise import RecognitionOptions, recognise

CHINESE = frozenset({"zh", "yue"})


def engine_and_model(
    language: str, *, engine: str | None = None, model: str | None = None
) -> tuple[str, str]:
    """Return what hears `language`: what is asked for, else the settings' choice for it.

    A choice by language whose engine or model is not on this machine is passed over for
    `settings.SUBTITLE_ENGINE`; `manage.py check` says so.
    """
    default = settings.SUBTITLE_ENGINE, settings.WHISPER_MODEL
    chosen = settings.SUBTITLE_ENGINES_BY_LANGUAGE.get(language, default)
    if engine is None and model is None:
        return chosen if chosen == default or is_there(*chosen) else default
    if engine is None:
        return chosen[0], model or chosen[1]
    return engine, model or (chosen[1] if engine == chosen[0] else settings.WHISPER_MODEL)


def default_options(
    *, engine: str | None = None, model: str | None = None, language: str = "zh"
) -> RecognitionOptions:
    """Return the options of the settings; None leaves `engine` and `model` to them.

    The prompt is our domain sentence where the language is Chinese. Hot words stay empty beside
    it: both together made the error rate of a tutorial twice as high.
    """
    engine, model = engine_and_model(language, engine=engine, model=model)
    return RecognitionOptions(
        engine=engine,
        model=model,
        language=language,
        prompt=domain_prompt() if language in CHINESE else "",
    )


def domain_vocabulary(language: str) -> Vocabulary | None:
    """The words of all our lessons, for a film of which nothing else is known; None where another
    language than Mandarin is spoken."""
    return Vocabulary("", domain_words()) if language == SpokenLanguage.MANDARIN else None


def make_cues(
    audio: Path,
    *,
    work_dir: Path,
    options: RecognitionOptions,
    vocabulary: Vocabulary | None = None,
    rules: CueRules = STANDARD,
    on_progress: Callable[[float], None] | None = None,
) -> list[Cue]:
    """Return the cues for `audio` (16 kHz mono 16-bit WAV); none where nobody speaks, and a hole
    (`Cue.is_hole`) where somebody does who could not be understood.

    `vocabulary` holds the words of the film's lesson: what sounds like one of them is written as
    it is there, and doubts go by them; None where nothing is known of the film, or another
    language is spoken: then doubts are the engine's own.
    `work_dir` and `on_progress` are as in `recognise`, and so are the errors raised.
    """
    heard = recognise(audio, work_dir=work_dir, options=options, on_progress=on_progress)
    sentences = heard.sentences
    if vocabulary is not None:
        sentences = judged(put_right(sentences, vocabulary), vocabulary)
    said = marked(sentences, heard.holes)
    return with_chapters(build_cues(said, rules=rules, media_end_ms=wav_duration_ms(audio)))
