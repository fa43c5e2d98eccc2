from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "lms.alerts"
    label = "alerts"
    verbose_name = _("防骗提醒和紧急通知")
