from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoxesConfig(AppConfig):
    name = "lms.boxes"
    label = "boxes"
    verbose_name = _("村里的盒子")

    def ready(self) -> None:
        from lms.boxes.services.forgetting import forget_lines_of
        from lms.people.erasure import erases_too

        erases_too(forget_lines_of)
