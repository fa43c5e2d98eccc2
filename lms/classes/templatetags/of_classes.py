"""What pages of lower rooms show of classes. Rooms meet in templates (decision 021)."""

from collections.abc import Iterable

from django import template

from lms.accounts.models import User
from lms.classes.choices import EnrolmentState
from lms.classes.models import ClassGroup, Enrolment
from lms.classes.queries import usage_of
from lms.classes.wall_clock import as_spoken

register = template.Library()
register.filter("usage", usage_of)
register.filter("as_spoken", as_spoken)


@register.filter
def enrolled(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """Those that hold a place in their class."""
    return [each for each in enrolments if each.state == EnrolmentState.ENROLLED]


@register.simple_tag
def classes_seen(user: User, enrolments: Iterable[Enrolment]) -> set[int]:
    """Of the enrolments' classes, by key, those that the user may open. One query."""
    classes = ClassGroup.objects.visible_to(user)
    asked = [enrolment.class_group_id for enrolment in enrolments]
    return set(classes.filter(pk__in=asked).values_list("pk", flat=True))
