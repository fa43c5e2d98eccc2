"""What pages of lower rooms show of alerts. Rooms meet in templates (decision 021)."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from lms.alerts.live import Live, live_now
from lms.alerts.queries import ToRead, alerts_to_read

register = template.Library()


@register.simple_tag
def alerts_here(shape: str) -> SafeString:
    """The place for what is live where the screen stands, filled in by AlertsMiddleware at every
    answer and by alerts.js meanwhile. `shape`: full or line."""
    place = mark_safe(f"<!--alerts:{shape}-->")  # noqa: S308  # a word of ours
    now = reverse("alerts:now")
    return format_html(
        '<div class="alerts" data-alerts="{}" data-alerts-now="{}">{}</div>', shape, now, place
    )


@register.simple_tag
def alerts_of_screen(path: str) -> Live:
    """What is live at the unit of that path; blank: for everybody."""
    return live_now().at(path)


@register.inclusion_tag("alerts/parts/to_read.html", takes_context=True)
def alerts_to_read_out(context: template.Context, lines: Iterable[Any]) -> dict[str, Any]:
    """What a teacher reads out today, with a tick for each session of `lines`."""
    found: list[ToRead] = alerts_to_read([line.session for line in lines])
    request = context["request"]
    return {"to_read": found, "request": request, "csrf_token": context.get("csrf_token")}
