"""Reads for the pages of classes: who may be put into one, and on which days it does not meet."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.classes.models import CalendarDay, ClassGroup, ClosingDay
from lms.people.choices import Role
from lms.people.models import (
    Learner,
    LearnerQuerySet,
    RoleAssignment,
    administered_by,
    supervised_by,
    supervised_units,
)
from lms.units.choices import Level
from lms.units.models import Unit, UnitQuerySet, path_below, path_over
from lms.units.queries import open_units_below


def administered_villages(user: Visitor) -> UnitQuerySet:
    """Open villages whose learners the user registers."""
    villages: UnitQuerySet = Unit.objects.open().filter(administered_by(user), level=Level.VILLAGE)
    return villages


def villages_for_classes(user: Visitor) -> UnitQuerySet:
    """Open villages in which the user may set up a class: officers any, teachers their own."""
    over = supervised_by(user, roles=(Role.OFFICER, Role.TEACHER))
    villages: UnitQuerySet = Unit.objects.open().filter(over, level=Level.VILLAGE)
    return villages


def manages_classes(user: Visitor) -> bool:
    """Whether the user is an officer anywhere."""
    return user.is_superuser or administered_villages(user).exists()


def enrollable_learners(user: Visitor, class_group: ClassGroup) -> LearnerQuerySet:
    """Whom the user may put into the class by number: those the user sees anyway, and everybody
    of the class's own street, since neighbours from the next village come along."""
    village = class_group.unit
    street = village.get_parent() if village.level == Level.VILLAGE else village
    return Learner.objects.standing().filter(
        Q(pk__in=Learner.objects.visible_to(user).values("pk"))
        | path_below(street or village, prefix="unit__"),
    )


@dataclass(frozen=True)
class UnitUsage:
    """How much hangs on a unit and on all below it today."""

    units: int  # open ones below it
    role_assignments: int  # in force
    class_groups: int  # not ended yet
    learners: int


def usage_of(unit: Unit) -> UnitUsage:
    here_or_below = path_below(unit, prefix="unit__")
    return UnitUsage(
        units=open_units_below(unit).count(),
        role_assignments=RoleAssignment.objects.current().filter(here_or_below).count(),
        class_groups=ClassGroup.objects.filter(
            here_or_below, ends_on__gte=timezone.localdate()
        ).count(),
        learners=Learner.objects.filter(here_or_below, merged_into__isnull=True).count(),
    )


#: Days before today are shown this far back.
DAYS_SHOWN_BACK = 31


@dataclass(frozen=True)
class ClosingPeriod:
    """Days in a row that one unit closes for one reason."""

    unit: Unit
    first: date
    last: date
    reason: str
    recorded_by: User | None  # None: from before this was kept
    may_open: bool


def closings_for(user: Visitor) -> QuerySet[ClosingDay]:
    """The closing days that matter to the user, from a month back on: below and above the units
    that the user supervises, and above the user's own classes."""
    closings = ClosingDay.objects.filter(_near(user), day__gte=_since())
    return closings.select_related("unit", "recorded_by").order_by("unit__path", "day")


def corrections_for(user: Visitor) -> QuerySet[CalendarDay]:
    """What the cities around the user have said of the national calendar, from a month back on."""
    corrections = CalendarDay.objects.filter(_near(user), day__gte=_since())
    return corrections.select_related("unit", "recorded_by").order_by("day", "pk")


def _since() -> date:
    return timezone.localdate() - timedelta(days=DAYS_SHOWN_BACK)


def _near(user: Visitor) -> Q:
    """A condition on the unit of a row."""
    own = ClassGroup.objects.visible_to(user).filter(teachers=user.pk)
    units = [*supervised_units(user), *Unit.objects.filter(pk__in=own.values("unit"))]
    condition = supervised_by(user, prefix="unit__")
    for path_of in {unit.path: unit for unit in units}.values():
        condition |= path_over(path_of, prefix="unit__")
    return condition


def in_rows(days: Iterable[ClosingDay], *, administered: set[int]) -> list[ClosingPeriod]:
    """The days as one tells them, 10月1日–3日, in the order in which they begin. The given ones
    stand unit by unit; `administered` are the units whose closing days the user may take back."""
    rows: list[ClosingPeriod] = []
    for day in days:
        last = rows[-1] if rows else None
        if (
            last is not None
            and (last.unit.pk, last.reason) == (day.unit_id, day.reason)
            and last.last + timedelta(days=1) == day.day
        ):
            rows[-1] = replace(last, last=day.day)
            continue
        rows.append(
            ClosingPeriod(
                day.unit,
                day.day,
                day.day,
                day.reason,
                day.recorded_by,
                day.unit_id in administered,
            )
        )
    return sorted(rows, key=lambda row: (row.first, row.unit.path))
