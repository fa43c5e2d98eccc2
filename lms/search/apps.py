from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "lms.search"
    label = "search"
    verbose_name = _("找课")

    def ready(self) -> None:
        from lms.search.changes import listen

        listen()
