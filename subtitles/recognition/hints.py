"""What recognition is told of a video: the editors' sentence and words, its own language."""

from dataclasses import replace
from functools import lru_cache
from typing import assert_never

from media.choices import SpokenLanguage
from media.models import Video
from subtitles.chinese.homophones import Vocabulary
from subtitles.chinese.words import keep_whole
from subtitles.choices import HintWay
from subtitles.lesson_texts import text_beside
from subtitles.models import HotWord, SpeechHints
from subtitles.recognition.machine import CHINESE, default_options
from subtitles.recognition.recognise import RecognitionOptions


def options_for(video: Video) -> RecognitionOptions:
    """Return the settings' engine and model with the language of the video and the hints as
    editors keep them now. Hints are Chinese, so a video in another language gets none."""
    options = default_options(language=video.spoken_language)
    if video.spoken_language not in CHINESE:
        return replace(options, prompt="", hotwords="")
    hints = SpeechHints.load()
    prompt, hotwords = hints.prompt, " ".join(hot_words())
    way = HintWay(hints.way)
    match way:
        case HintWay.PROMPT:
            return replace(options, prompt=prompt, hotwords="")
        case HintWay.HOTWORDS:
            return replace(options, prompt="", hotwords=hotwords)
        case HintWay.BOTH:
            return replace(options, prompt=prompt, hotwords=hotwords)
        case HintWay.NONE:
            return replace(options, prompt="", hotwords="")
        case _:
            assert_never(way)


def hot_words() -> list[str]:
    """The newest first: an engine cuts a long list off at its end."""
    return list(HotWord.objects.order_by("-created_at", "-pk").values_list("word", flat=True))


def learn_hot_words() -> None:
    """Have no line end cut an editor's word, in this process."""
    keep_whole(hot_words())


def vocabulary_beside(video: Video) -> Vocabulary | None:
    """The words of the film's lessons and of the editors' list, by how Mandarin sounds.

    None where another language is spoken in it.
    """
    if video.spoken_language != SpokenLanguage.MANDARIN:
        return None
    return kept_vocabulary(text_beside(video), tuple(hot_words()))


@lru_cache(maxsize=32)
def kept_vocabulary(text: str, words: tuple[str, ...]) -> Vocabulary:
    return Vocabulary(text, words)
