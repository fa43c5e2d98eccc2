"""Who works where: the roles, who may give them, and the log of what was done about them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.people.choices import ACTS_ON_ROLES, HELPERS, SUPERVISES, Role, RoleAct, RoleState
from lms.units.models import Unit, path_below, path_over


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def visible_to(self, user: Visitor) -> Self:
        """Who works at the units of which the user is an officer, and below them; all, for
        superusers."""
        return self.filter(administered_by(user, prefix="unit__"))

    def changeable_by(self, user: Visitor) -> Self:
        """Of those, what the user may give and end: helpers of the user's own units, and everybody
        below them. Nobody changes an own one."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(appoints(user)).exclude(person=user)

    def in_state(self, state: str) -> Self:
        """As a RoleState says, today."""
        if state == RoleState.CURRENT:
            return self.current()
        if state == RoleState.UPCOMING:
            return self.not_over().filter(from_date__gt=timezone.localdate())
        return self.filter(
            models.Q(until_date__lte=timezone.localdate())
            | models.Q(until_date=models.F("from_date"))
        )

    def not_over(self) -> Self:
        """In force today, or to begin later."""
        endless = models.Q(until_date__isnull=True)
        ahead = models.Q(until_date__gt=timezone.localdate()) & models.Q(
            until_date__gt=models.F("from_date")
        )
        return self.filter(endless | ahead)

    def current(self, day: date | None = None) -> Self:
        """In force on that day; None means today."""
        day = day or timezone.localdate()
        return self.filter(
            models.Q(until_date__isnull=True) | models.Q(until_date__gt=day), from_date__lte=day
        )

    def supervising(self) -> Self:
        """In force today, in a role that sees all of its unit and below."""
        return self.current().filter(role__in=SUPERVISES)

    def over(self, unit: Unit) -> Self:
        """Whose roles cover that unit: those held there or above it."""
        return self.filter(path_over(unit, prefix="unit__"))


class RoleAssignment(models.Model):
    """A person holds a role at a unit, and so at all units below it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_assignments"
    )
    role = models.CharField(_("角色"), max_length=9, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="role_assignments"
    )
    from_date = models.DateField(_("从"), default=timezone.localdate)
    #: The first day on which it is over; None while no end is set. The day on which it begins: it
    #: was taken back before it held for a day.
    until_date = models.DateField(_("到（不含）"), null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="a_role_assignments_role_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(until_date__isnull=True)
                | models.Q(until_date__gte=models.F("from_date")),
                name="a_role_assignment_ends_no_sooner_than_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit} · {self.get_role_display()}"

    @property
    def state(self) -> RoleState:
        """Today."""
        today = timezone.localdate()
        if self.until_date is not None and self.until_date <= max(today, self.from_date):
            return RoleState.ENDED
        return RoleState.UPCOMING if self.from_date > today else RoleState.CURRENT

    @property
    def is_over(self) -> bool:
        return self.state == RoleState.ENDED

    @property
    def last_day(self) -> date | None:
        """None: no end is set, or it never held."""
        if self.until_date is None or self.until_date == self.from_date:
            return None
        return self.until_date - timedelta(days=1)


class RoleEventQuerySet(models.QuerySet["RoleEvent"]):
    """Events are added and read; nothing else is done to them."""

    def visible_to(self, user: Visitor) -> Self:
        """Of roles at units that the user keeps, and of accounts, which have no unit."""
        return self.filter(models.Q(unit=None) | administered_by(user, prefix="unit__"))

    def update(self, **fields: Any) -> int:
        raise RoleEventIsFinal

    def delete(self) -> tuple[int, dict[str, int]]:
        raise RoleEventIsFinal


class RoleEventIsFinal(TypeError):
    """Somebody tried to change or delete what is written in the log of roles."""


class RoleEvent(models.Model):
    """What was done about somebody's roles or way of signing in, by whom and why. Never changed,
    never deleted; whoever stands in it cannot be deleted either."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_events"
    )
    act = models.CharField(_("办了什么"), max_length=11, choices=RoleAct.choices)
    #: Of acts on a role; blank and None for those on the account.
    role = models.CharField(_("角色"), max_length=9, choices=Role.choices, blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    #: The first day on which it is so.
    on = models.DateField(_("从哪天起"))
    #: Where somebody moved to.
    to_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    #: To whom a role was handed over, or from whom it came.
    other_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    #: The account was made for it, and is nobody's own until it is signed in to.
    made_account = models.BooleanField(default=False)
    reason = models.CharField(_("原因"), max_length=80)
    #: None: a command of whoever runs the site.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = RoleEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职记录")
        verbose_name_plural = _("任职记录")
        ordering: ClassVar = ["-recorded_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(act__in=RoleAct.values),
                name="a_role_events_act_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="a_role_event_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(act__in=ACTS_ON_ROLES, role__in=Role.values, unit__isnull=False)
                | models.Q(~models.Q(act__in=ACTS_ON_ROLES), role="", unit__isnull=True),
                name="a_role_event_on_a_role_names_role_and_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_act_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RoleEventIsFinal
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RoleEventIsFinal


#: The units at which somebody holds each role.
UnitsByRole = dict[str, list[Unit]]


def units_by_role(user: Visitor, day: date | None = None) -> UnitsByRole:
    """The units at which the user holds each role on that day, and so all below them; None means
    today. One query."""
    held: UnitsByRole = {role: [] for role in Role}
    if user.is_authenticated:
        current = RoleAssignment.objects.current(day).filter(person=user)
        for assignment in current.select_related("unit"):
            held[assignment.role].append(assignment.unit)
    return held


def supervised_units(user: Visitor, *, roles: Sequence[Role] = SUPERVISES) -> list[Unit]:
    """The topmost units where the user holds one of the roles today: as they are, who supervises
    or may read. Empty for everybody else."""
    held = units_by_role(user)
    return [unit for role in roles for unit in held[role]]


def holds_office(user: User) -> bool:
    """Whether the user sees everything of some unit today: officers and auditors. One query."""
    return RoleAssignment.objects.supervising().filter(person=user).exists()


def people_with_role_over(unit: Unit, *roles: Role) -> models.QuerySet[Any]:
    """Who holds one of the roles over that unit today, that is at it or above it; by name."""
    appointed = RoleAssignment.objects.current().over(unit).filter(role__in=roles)
    people = get_user_model().objects.filter(is_active=True, pk__in=appointed.values("person"))
    return people.order_by("last_name", "first_name", "username")


def supervised_by(
    user: Visitor, *, prefix: str = "", roles: Sequence[Role] = SUPERVISES
) -> models.Q:
    """A condition on the unit reached by `prefix`: the user supervises it. All, for superusers."""
    if user.is_authenticated and user.is_superuser:
        return ~models.Q(pk__in=[])  # an empty Q would vanish in "this or that"
    return path_below(*supervised_units(user, roles=roles), prefix=prefix)


def administered_by(user: Visitor, *, prefix: str = "") -> models.Q:
    """As supervised_by, for those who may write there: officers, not auditors."""
    return supervised_by(user, prefix=prefix, roles=(Role.OFFICER,))


def appoints(user: Visitor, *, prefix: str = "") -> models.Q:
    """A condition on the role assignment reached by `prefix`: the user, an officer, may give it.
    Helpers at the user's own units; any role below them."""
    condition = models.Q(pk__in=[])
    for unit in supervised_units(user, roles=(Role.OFFICER,)):
        below = models.Q(**{f"{prefix}unit__depth__gt": unit.depth})
        helper = models.Q(**{f"{prefix}role__in": HELPERS})
        condition |= path_below(unit, prefix=f"{prefix}unit__") & (below | helper)
    return condition


def may_appoint(user: Visitor, *, unit: Unit, role: str) -> bool:
    """As `appoints`, for one role at one unit; anywhere, for superusers."""
    if user.is_authenticated and user.is_superuser:
        return True
    return any(
        unit.path.startswith(own.path) and (unit.depth > own.depth or role in HELPERS)
        for own in supervised_units(user, roles=(Role.OFFICER,))
    )
