"""What the page of a video says of the engine that heard it."""

from pathlib import Path

from django.utils.translation import gettext as _

from media.choices import SpokenLanguage
from media.models import Video
from subtitles.engines.model_files import BUNDLED
from subtitles.models import Track
from subtitles.recognition.machine import engine_and_model


def heard_by(video: Video) -> list[str]:
    """A sentence for each track of `video` that a machine heard."""
    return [
        _("由 %(engine)s 听写，模型：%(model)s。")
        % {"engine": track.engine, "model": _model_name(track.model)}
        for track in video.tracks.all()
        if track.engine
    ]


def cautions_about(video: Video) -> list[str]:
    """What a reviewer must not expect of the subtitles that are there, or on their way."""
    cautions = []
    track = video.tracks.filter(language=video.spoken_language).first()
    heard_with = track.model if track else engine_and_model(video.spoken_language)[1]
    if video.spoken_language == SpokenLanguage.CANTONESE and heard_with == BUNDLED:
        cautions.append(
            _("自带的小模型听不好粤语，错字会很多。请管理员装上懂粤语的模型，再重新听写。")
        )
    if track and track.is_machine_made and not tells_doubts(track):
        cautions.append(_("这个模型不说哪个词没把握，没有词会亮起来。核对时请从头听一遍。"))
    return cautions


def tells_doubts(track: Track) -> bool:
    """Whether the engine said of any word that it heard how sure it was; True where it heard none.

    Without that the desk lights no word, which says nothing of how well it was heard.
    """
    heard = track.cues.exclude(heard="")
    return not heard.exists() or heard.filter(probability__isnull=False).exists()


def _model_name(model: str) -> str:
    return _("自带的 Whisper base") if model == BUNDLED else Path(model).name
