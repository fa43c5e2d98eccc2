from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = _("视频与图片")

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from media import checks, narrating, narration_stage, processing, strip  # noqa: F401

        processing.register_stages()
        strip.register_stage()
        narration_stage.register_stages()
        # A narration mostly goes with its page, which knows nothing of files.
        post_delete.connect(narrating.forget_files, sender="media.Narration")
