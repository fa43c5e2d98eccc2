"""Whose figures somebody may see: officers and auditors, of their units and all below. Else 404."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404

from lms.accounts.access import Visitor
from lms.people.models import supervised_by, supervised_units
from lms.units.models import Unit, paths_to


def topmost_units(user: Visitor) -> list[Unit]:
    """Where the user begins: none that stands below another of them; in the tree's order. A
    superuser begins at the top. Raises Http404 when there is none."""
    if user.is_superuser:
        units = list(Unit.objects.filter(depth=1))
    else:
        units = sorted(set(supervised_units(user)), key=lambda unit: unit.path)
        units = [u for u in units if not any(u.is_descendant_of(other) for other in units)]
    if not units:
        raise Http404
    return units


@dataclass(frozen=True)
class UnitSeen:
    """A unit that the user sees, and those above it that the user sees too, topmost first."""

    unit: Unit
    above: list[Unit]


def unit_seen(user: Visitor, code: str) -> UnitSeen:
    """Closed ones too, for their time. Raises Http404 for a unit that is none of the user's."""
    allowed = supervised_by(user)
    unit = get_object_or_404(Unit.objects.filter(allowed), code=code)
    return UnitSeen(unit, list(Unit.objects.filter(allowed, path__in=paths_to(unit.path)[:-1])))
