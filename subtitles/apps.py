from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubtitlesConfig(AppConfig):
    name = "subtitles"
    verbose_name = _("字幕")

    def ready(self) -> None:
        from subtitles import processing  # registers the transcript among the stages

        processing.register_stages()
