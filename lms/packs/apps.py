from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PacksConfig(AppConfig):
    name = "lms.packs"
    label = "packs"
    verbose_name = _("课程盘")
