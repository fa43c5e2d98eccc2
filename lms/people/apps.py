from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "lms.people"
    label = "people"
    verbose_name = _("学员和任职")

    def ready(self) -> None:
        from lms.people.learning import bring_notebook

        user_logged_in.connect(bring_notebook)
