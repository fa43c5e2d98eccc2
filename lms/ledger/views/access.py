"""Who opens what of the ledger; a stranger finds nothing."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from lms.accounts.models import User
from lms.ledger.models import Measure
from lms.people.models import supervised_units
from lms.people.queries import administered_units
from lms.units.models import Unit, UnitQuerySet


def measure_seen(user: User, pk: int) -> Measure:
    """Raises Http404."""
    seen = Measure.objects.visible_to(user)
    return get_object_or_404(seen.select_related("unit", "lead_unit", "person", "closed_by"), pk=pk)


def measure_edited(user: User, pk: int) -> Measure:
    """Raises Http404."""
    edited = Measure.objects.editable_by(user)
    return get_object_or_404(
        edited.select_related("unit", "lead_unit", "person", "closed_by"), pk=pk
    )


def measure_advanced(user: User, pk: int) -> Measure:
    """Raises Http404."""
    advanced = Measure.objects.advanced_by(user)
    return get_object_or_404(
        advanced.select_related("unit", "lead_unit", "person", "closed_by"), pk=pk
    )


def units_written(user: User) -> UnitQuerySet:
    """In whose ledgers the user writes. Raises Http404 where there is none."""
    units = administered_units(user)
    if not units.exists():
        raise Http404
    return units


def first_unit(user: User) -> Unit | None:
    """The topmost of the units whose ledger the user sees; None: the user sees own rows only."""
    if user.is_superuser:
        top: Unit | None = Unit.objects.filter(depth=1).first()
        return top
    return min(supervised_units(user), key=lambda unit: unit.path, default=None)


def sees_a_ledger(user: User) -> bool:
    return first_unit(user) is not None or Measure.objects.own_of(user).exists()
