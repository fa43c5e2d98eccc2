from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubtitlesConfig(AppConfig):
    name = "subtitles"
    verbose_name = _("字幕")

    def ready(self) -> None:
        from subtitles import (
            checks,  # noqa: F401 - importing checks registers them
            keepsake,
            processing,
        )

        processing.register_stages()
        keepsake.register_stages()
