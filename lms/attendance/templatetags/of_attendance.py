"""What pages of lower rooms show of the roll. Rooms meet in templates (decision 021)."""

from django import template
from django.utils import timezone

from lms.attendance.queries import SessionLine, session_lines
from lms.classes.models import ClassGroup

register = template.Library()


@register.simple_tag
def sessions_of(class_group: ClassGroup) -> dict[str, list[SessionLine]]:
    """How the class's sessions stand: `ahead` in their order, `past` with the latest first."""
    lines = session_lines(class_group.sessions.select_related("class_group"))
    now = timezone.now()
    return {
        "ahead": [line for line in lines if line.session.ends_at >= now],
        "past": [line for line in reversed(lines) if line.session.ends_at < now],
    }
