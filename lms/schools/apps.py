from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class SchoolsConfig(AppConfig):
    name = "lms.schools"
    label = "schools"
    verbose_name = _("学校和班级")

    def ready(self) -> None:
        from lms.schools.learning import bring_notebook

        user_logged_in.connect(bring_notebook)
