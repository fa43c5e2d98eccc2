"""处理活动记录: what is done with people's data, in the admin, for a city to print and keep."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from courses.paper import PaperNotReady
from lms.accounts.access import AdministratorsOnly
from lms.privacy.purposes import NOTICE_VERSION, PROCESSINGS
from lms.privacy.retention import PERIODS
from lms.privacy.taking_away import register_pdf


class RegisterPage(WagtailAdminTemplateMixin, AdministratorsOnly, TemplateView):
    """For administrators."""

    page_title = _("个人信息处理活动记录")
    header_icon = "doc-full"
    template_name = "privacy/register.html"
    breadcrumbs_items = ()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context: dict[str, object] = super().get_context_data(**kwargs)
        return context | {
            "processings": PROCESSINGS,
            "periods": PERIODS,
            "version": NOTICE_VERSION,
        }


@require_safe
def register_file(request: HttpRequest) -> HttpResponse:
    if not request.user.is_superuser:
        raise PermissionDenied
    try:
        content = register_pdf()
    except PaperNotReady as reason:
        messages.error(request, str(reason))
        return redirect("privacy_register")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="register-of-processing.pdf"'
    return answer
