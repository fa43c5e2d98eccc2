"""House rules that a deployer hears at `manage.py check`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


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
