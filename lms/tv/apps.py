from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TvConfig(AppConfig):
    name = "lms.tv"
    label = "tv"
    verbose_name = _("电视")
