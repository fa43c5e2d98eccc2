from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = _("视频与图片")

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from media import checks  # noqa: F401
        from media.covers import services as covers
        from media.covers import tasks as cover_tasks  # noqa: F401 - beat names it
        from media.films import services as films
        from media.films import stage as film_stage
        from media.narration import services as narrations
        from media.narration import stage as narration_stage
        from media.pipeline import processing

        processing.register_stages()
        narration_stage.register_stages()
        film_stage.register_stages()
        # A narration is mostly deleted by cascade with its page, which leaves its files.
        post_delete.connect(narrations.forget_files, sender="media.Narration")
        post_delete.connect(covers.forget_files, sender="media.Cover")
        post_save.connect(films.renew_film, sender="media.Narration")
        post_delete.connect(films.forget_video, sender="media.Film")
