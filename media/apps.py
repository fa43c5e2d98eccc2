from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = _("视频与图片")

    def ready(self) -> None:
        from media import processing  # registers the stages that every video passes

        processing.register_stages()
