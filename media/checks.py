"""`manage.py check` reports an FFmpeg that is missing or lacks something."""

from collections.abc import Sequence
from typing import Any

from django.core import checks

from media.ffmpeg.abilities import FfmpegUnfit, choose_ffmpeg


@checks.register
def check_ffmpeg_can_do_our_work(app_configs: Any, **kwargs: Any) -> Sequence[checks.CheckMessage]:
    try:
        chosen = choose_ffmpeg()
    except FfmpegUnfit as reason:
        return [checks.Error(str(reason), id="media.E001")]
    if chosen.shortcoming:
        return [checks.Warning(chosen.shortcoming, id="media.W001")]
    return []
