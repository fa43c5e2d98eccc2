"""What pages of lower rooms show of the roll. Rooms meet in templates (decision 021)."""

from django import template
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.attendance.models import AttendanceEvent
from lms.attendance.queries import SessionLine, session_lines
from lms.classes.models import ClassGroup
from lms.people.models import Learner
from lms.tables import CSV, XLSX

register = template.Library()


#: Of each; the others have a page of their own.
SHOWN = 5


@register.simple_tag
def sessions_of(class_group: ClassGroup) -> dict[str, list[SessionLine] | int]:
    """How the class's sessions stand: the next, `ahead`; the latest, `past`, backwards; and how
    many there are in all."""
    sessions, now = class_group.sessions.select_related("class_group"), timezone.now()
    ahead = sessions.filter(ends_at__gte=now).order_by("starts_at", "pk")
    past = sessions.filter(ends_at__lt=now).order_by("-starts_at", "-pk")
    return {
        "ahead": session_lines(ahead[:SHOWN]),
        "past": session_lines(past[:SHOWN]),
        "count": sessions.count(),
    }


#: Acts of delegates, of each learner.
ACTS_SHOWN = 50


@register.simple_tag
def marked_by_delegates(learner: Learner) -> list[AttendanceEvent]:
    """What delegates marked for the learner, or for who was merged into it; the latest first."""
    events = AttendanceEvent.objects.filter(
        Q(learner=learner) | Q(learner__merged_into=learner), delegate__isnull=False
    ).select_related("session__class_group", "delegate__person", "recorded_by")
    return list(events.order_by("-marked_at", "pk")[:ACTS_SHOWN])


@register.inclusion_tag("attendance/parts/downloads.html")
def class_downloads(class_group: ClassGroup) -> dict[str, str]:
    """A line that leads to the files of who is in the class."""
    return _files("attendance:class_file", class_group, _("下载名单："))


@register.inclusion_tag("attendance/parts/downloads.html")
def grid_downloads(class_group: ClassGroup) -> dict[str, str]:
    """A line that leads to the files of who came when."""
    return _files("attendance:grid_file", class_group, _("下载出勤表："))


def _files(address: str, class_group: ClassGroup, what: str) -> dict[str, str]:
    return {
        "what": what,
        **{ending: reverse(address, args=[class_group.pk, ending]) for ending in (XLSX, CSV)},
    }
