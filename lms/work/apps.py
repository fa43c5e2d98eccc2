from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    name = "lms.work"
    label = "work"
    verbose_name = _("我的工作")
