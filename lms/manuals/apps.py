from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManualsConfig(AppConfig):
    name = "lms.manuals"
    label = "manuals"
    verbose_name = _("说明书")

    def ready(self) -> None:
        from django.db.models.signals import post_delete
        from wagtail.signals import published, unpublished

        from courses.readability import city_words
        from lms.manuals.covers import cover_published_manual, drop_cover_of_manual
        from lms.manuals.films.services import forget_film_of
        from lms.manuals.models import Manual, ManualVersion
        from lms.manuals.readability.queries import current_word_lists
        from lms.manuals.review.services.days import note_published, note_unpublished

        city_words.register(current_word_lists)
        published.connect(note_published, sender=Manual)
        unpublished.connect(note_unpublished, sender=Manual)
        published.connect(cover_published_manual, sender=Manual)
        unpublished.connect(drop_cover_of_manual, sender=Manual)
        post_delete.connect(drop_cover_of_manual, sender=Manual)
        post_delete.connect(forget_film_of, sender=ManualVersion)
