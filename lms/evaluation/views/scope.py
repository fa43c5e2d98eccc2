"""Which units somebody hands in for, and which figures are whose to make public."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from lms.accounts.access import Visitor
from lms.evaluation.models import HANDS_IN
from lms.people.choices import Role
from lms.people.models import supervised_by, supervised_units
from lms.units.models import Unit, UnitQuerySet


def unit_handed_in_for(user: Visitor, code: str) -> Unit:
    """Open, and the user is an officer or teacher there or above. Raises Http404 for others."""
    units = Unit.objects.filter(supervised_by(user, roles=HANDS_IN)).open()
    unit: Unit = get_object_or_404(units, code=code)
    return unit


def units_handed_in_for(user: Visitor) -> UnitQuerySet:
    """The units at which the user is an officer or teacher, in the tree's order; at the top of it
    for a superuser."""
    if user.is_superuser:
        top: UnitQuerySet = Unit.objects.open().filter(depth=1)
        return top
    own = supervised_units(user, roles=HANDS_IN)
    found: UnitQuerySet = Unit.objects.open().filter(pk__in=[unit.pk for unit in own])
    return found


def publishes_figures(user: Visitor) -> bool:
    """Officers where the tree begins."""
    if user.is_superuser:
        return True
    return any(unit.depth == 1 for unit in supervised_units(user, roles=(Role.OFFICER,)))


def required(holds: bool) -> None:
    """Raises Http404 unless it does."""
    if not holds:
        raise Http404
