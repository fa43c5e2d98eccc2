from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import AdminOnlyMenuItem

from lms.privacy.views.register import RegisterPage, register_file


@hooks.register("register_admin_urls")
def register_addresses() -> list[URLPattern]:
    return [
        path("privacy/", RegisterPage.as_view(), name="privacy_register"),
        path("privacy/register.pdf", register_file, name="privacy_register_file"),
    ]


@hooks.register("register_reports_menu_item")
def register_in_menu() -> AdminOnlyMenuItem:
    return AdminOnlyMenuItem(
        _("个人信息处理活动记录"),
        reverse("privacy_register"),
        name="privacy-register",
        icon_name="doc-full",
        order=20,
    )
