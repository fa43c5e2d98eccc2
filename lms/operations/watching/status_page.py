from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from lms.accounts.access import AdministratorsOnly
from lms.operations.watching.status import Condition, system_status


class StatusPage(WagtailAdminTemplateMixin, AdministratorsOnly, TemplateView):
    """For administrators. Asks every part anew, which takes seconds where one does not answer."""

    page_title = _("系统状态")
    header_icon = "desktop"
    template_name = "operations/status.html"
    breadcrumbs_items = ()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        rows = system_status()
        context: dict[str, object] = super().get_context_data(**kwargs)
        return context | {
            "rows": rows,
            "version": settings.VERSION,
            "wrong": sum(row.verdict == Condition.WRONG for row in rows),
            "waits": sum(row.verdict == Condition.WAITS for row in rows),
        }
