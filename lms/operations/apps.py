from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "lms.operations"
    label = "operations"
    verbose_name = _("运行维护")

    def ready(self) -> None:
        from lms.operations import checks  # noqa: F401  # registers itself
        from lms.operations.wagtail_api import leave_out_wagtails_api

        leave_out_wagtails_api()
