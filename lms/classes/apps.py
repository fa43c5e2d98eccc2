from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassesConfig(AppConfig):
    name = "lms.classes"
    label = "classes"
    verbose_name = _("班级")

    def ready(self) -> None:
        from lms.classes.services.enrolments import leave_all_classes
        from lms.people.erasure import erases_too

        erases_too(leave_all_classes)
