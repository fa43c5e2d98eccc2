"""What pages of lower rooms show of who works where. Rooms meet in templates (decision 021)."""

from django import template

from lms.people.models import RoleAssignment
from lms.units.models import Unit

register = template.Library()


@register.filter
def people_at(unit: Unit) -> list[RoleAssignment]:
    """Who works at the unit itself, today or later."""
    roles = RoleAssignment.objects.not_over().filter(unit=unit)
    return list(roles.select_related("person").order_by("role", "pk"))
