"""Reads that pages and 我的工作 share."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.ledger.models import RESPONSIBLE, Measure, MeasureQuerySet, Pressing
from lms.people.choices import Role
from lms.people.models import RoleAssignment, supervised_units
from lms.units.models import Unit, path_below, path_over


@dataclass(frozen=True)
class LedgerQuestion:
    """What the list is asked; blank and None: all."""

    unit: Unit | None = None
    standing: str = ""
    words: str = ""
    pressed: str = ""


def measures_found(user: Visitor, question: LedgerQuestion) -> MeasureQuerySet:
    """In the order of the ledger."""
    found = Measure.objects.visible_to(user)
    if question.unit is not None:
        found = found.filter(path_below(question.unit, prefix="unit__"))
    if question.standing:
        found = found.in_standing(question.standing)
    if question.words:
        found = found.filter(
            Q(task__icontains=question.words)
            | Q(clause__icontains=question.words)
            | Q(lead__icontains=question.words)
            | Q(person_name__icontains=question.words)
        )
    if question.pressed == "open":
        found = found.filter(pressings__in=Pressing.objects.open())
    elif question.pressed == "mine":
        found = found.filter(pk__in=[each.measure_id for each in asked_of(user)])
    elif question.pressed == "here":
        found = found.filter(pk__in=[each.measure_id for each in escalated_to(user)])
    return found.select_related("unit", "lead_unit", "person", "closed_by").in_order()


def escalated_to(user: Visitor) -> list[Pressing]:
    """What was pressed, not answered in its term, and has gone up to where the user is an officer;
    the longest past its term first. All of it, for superusers."""
    if not user.is_authenticated:
        return []
    late = Pressing.objects.past_term().filter(measure__in=Measure.objects.advanced_by(user))
    late = late.filter(measure__is_closed=False)
    late = late.select_related("measure__unit", "measure__lead_unit")
    if user.is_superuser:
        return list(late)
    own = {unit.path for unit in supervised_units(user, roles=(Role.OFFICER,))}
    return [each for each in late if own & set(each.paths_reached)]


def asked_of(user: Visitor) -> list[Pressing]:
    """Pressings that wait for the user's own answer: of rows that are the user's to do, and of the
    unit that leads, where the user is its officer; what the user asked is not."""
    if not user.is_authenticated:
        return []
    own = {unit.pk for unit in supervised_units(user, roles=(Role.OFFICER,))}
    rows = Measure.objects.own_of(user).values("pk")
    asked = Pressing.objects.open().filter(
        Q(measure__in=rows)
        | Q(measure__lead_unit__in=own)
        | Q(measure__lead_unit=None, measure__unit__in=own),
        measure__is_closed=False,
        measure__taken_away_at__isnull=True,
    )
    return list(asked.exclude(pressed_by=user.pk).select_related("measure__unit"))


def responsible_people(unit: Unit) -> QuerySet[User]:
    """Who may be made responsible for a row of the unit: those who work there, below or above it,
    by name."""
    held = RoleAssignment.objects.current().filter(
        path_below(unit, prefix="unit__") | path_over(unit, prefix="unit__"), role__in=RESPONSIBLE
    )
    people = User.objects.filter(is_active=True, pk__in=held.values("person"))
    return people.order_by("last_name", "first_name", "username")
