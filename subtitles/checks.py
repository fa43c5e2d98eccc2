"""House rules that a deployer hears at `manage.py check`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from media.choices import SpokenLanguage
from subtitles.engines import is_there


@register
def check_engine_is_known(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if settings.SUBTITLE_ENGINE in settings.SUBTITLE_ENGINES:
        return []
    names = ", ".join(settings.SUBTITLE_ENGINES)
    return [
        Error(
            f"SUBTITLE_ENGINE={settings.SUBTITLE_ENGINE!r} is not an engine that we have.",
            hint=f"Use one of: {names}.",
            id="subtitles.E001",
        )
    ]


@register
def check_engine_has_its_model(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    engine, model = settings.SUBTITLE_ENGINE, settings.WHISPER_MODEL
    if engine not in settings.SUBTITLE_ENGINES or is_there(engine, model):
        return []
    return [
        CheckWarning(
            f"SUBTITLE_ENGINE={engine} with WHISPER_MODEL={model!r} is not there: films get no "
            "subtitles.",
            hint="Install the engine, or put the model where WHISPER_MODEL says.",
            id="subtitles.W003",
        )
    ]


@register
def check_engines_by_language_are_there(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    chosen = settings.SUBTITLE_ENGINES_BY_LANGUAGE
    known = ", ".join(SpokenLanguage.values)
    absent = [
        CheckWarning(
            f"SUBTITLE_ENGINES_BY_LANGUAGE: {engine} with the model {model!r}, chosen for "
            f"{language}, is not there. {settings.SUBTITLE_ENGINE} hears {language} meanwhile.",
            hint="Engines: " + ", ".join(settings.SUBTITLE_ENGINES) + ". For sherpa-onnx the model "
            "is a folder that bin/speech-model fills.",
            id="subtitles.W001",
        )
        for language, (engine, model) in chosen.items()
        if not is_there(engine, model)
    ]
    unspoken = [
        CheckWarning(
            f"SUBTITLE_ENGINES_BY_LANGUAGE: no video can be in {language!r}.",
            hint=f"The languages of videos are {known}.",
            id="subtitles.W002",
        )
        for language in chosen
        if language not in SpokenLanguage.values
    ]
    return absent + unspoken
