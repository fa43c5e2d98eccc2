from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import AdminOnlyMenuItem

from lms.operations.watching.status_page import StatusPage


@hooks.register("register_admin_urls")
def register_status_address() -> list[URLPattern]:
    return [path("status/", StatusPage.as_view(), name="system_status")]


@hooks.register("register_reports_menu_item")
def register_status_in_menu() -> AdminOnlyMenuItem:
    return AdminOnlyMenuItem(
        _("系统状态"), reverse("system_status"), name="system-status", icon_name="desktop", order=10
    )
