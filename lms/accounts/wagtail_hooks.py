from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component


class VersionPanel(Component):
    """At the foot of the admin's first page."""

    order = 1000

    def render_html(self, parent_context: Mapping[str, Any] | None = None) -> SafeString:
        return format_html(
            '<footer class="admin-foot">{} {}</footer>', _("银龄学堂"), settings.VERSION
        )


@hooks.register("construct_help_menu")
def offer_no_help_in_english(request: HttpRequest, items: list[Any]) -> None:
    """What is left out leads to Wagtail's pages, on another host."""
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]


@hooks.register("construct_homepage_panels")
def show_version(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(VersionPanel())
