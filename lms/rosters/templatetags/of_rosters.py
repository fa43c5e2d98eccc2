"""What pages of lower rooms show of imported lists. Rooms meet in templates (decision 021)."""

from django import template

from lms.accounts.models import User
from lms.classes.models import ClassGroup
from lms.rosters.learners.queries import Imported, rosters_of

register = template.Library()


@register.simple_tag
def imports_into(class_group: ClassGroup, user: User) -> list[Imported]:
    """What was imported into the class, newest first, as that user may see and undo it."""
    return rosters_of(user, unit=class_group.unit, class_group=class_group)
