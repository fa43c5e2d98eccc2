"""Machine subtitles, start to end: the one path for the worker and for the command."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from subtitles.chapters import with_chapters
from subtitles.cleaning import clean_segments
from subtitles.cues import STANDARD, Cue, CueRules, build_cues
from subtitles.recognition import RecognitionOptions, recognise
from subtitles.speech import wav_duration_ms
from subtitles.words import domain_prompt

CHINESE = frozenset({"zh", "yue"})


def default_options(*, engine: str | None = None, language: str = "zh") -> RecognitionOptions:
    """Return the options of the settings; `engine` None means `settings.SUBTITLE_ENGINE`.

    The prompt is our domain sentence where the language is Chinese. Hot words stay empty beside
    it: both together made the error rate of a tutorial twice as high.
    """
    return RecognitionOptions(
        engine=engine or settings.SUBTITLE_ENGINE,
        model=settings.WHISPER_MODEL,
        language=language,
        prompt=domain_prompt() if language in CHINESE else "",
    )


def make_cues(
    audio: Path,
    *,
    work_dir: Path,
    options: RecognitionOptions,
    rules: CueRules = STANDARD,
    on_progress: Callable[[float], None] | None = None,
) -> list[Cue]:
    """Return the cues for `audio` (16 kHz mono 16-bit WAV); none where nobody speaks.

    `work_dir` and `on_progress` are as in `recognise`, and so are the errors raised.
    """
    heard = recognise(audio, work_dir=work_dir, options=options, on_progress=on_progress)
    sentences = clean_segments(heard, prompt=options.prompt)
    return with_chapters(build_cues(sentences, rules=rules, media_end_ms=wav_duration_ms(audio)))
