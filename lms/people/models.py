"""Who works where, who learns, and who may act for whom."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum import damm

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.people.choices import SUPERVISES, Consent, DelegateScope, Role
from lms.units.models import Unit, path_below, path_over

#: A learner's number: random digits, so that nobody guesses a neighbour's, and one check digit.
NUMBER_LENGTH = 9
#: What stands where the name was, once a learner has asked to be forgotten. Kept in the database,
#: and so in one language.
ERASED_NAME = "已注销学员"


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
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
    #: The first day on which it is over; None while no end is set.
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
                | models.Q(until_date__gt=models.F("from_date")),
                name="a_role_assignment_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit} · {self.get_role_display()}"


def units_by_role(user: Visitor, day: date | None = None) -> dict[str, list[Unit]]:
    """The units at which the user holds each role on that day, and so all below them; None means
    today. One query."""
    held: dict[str, list[Unit]] = {role: [] for role in Role}
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


class LearnerQuerySet(models.QuerySet["Learner"]):
    def visible_to(self, user: Visitor) -> Self:
        """Learners of the units that the user supervises, and of the classes that the user sees
        (as ClassGroupQuerySet.visible_to)."""
        return self._open_to(user, SUPERVISES, models.Q())

    def changeable_by(self, user: Visitor) -> Self:
        """Whose particulars the user may read and put right: officers, and the teachers of the
        classes that the learner is in or waits for. Auditors read figures, not telephones."""
        still = models.Q(enrolments__left_at__isnull=True)
        return self._open_to(user, (Role.OFFICER,), still)

    def _open_to(self, user: Visitor, roles: Sequence[Role], enrolled: models.Q) -> Self:
        """The classes are asked for apart, since a join would double who is in two of them."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        held = units_by_role(user)
        over = [unit for role in roles for unit in held[role]]
        classes = "enrolments__class_group__"
        taught = path_below(*held[Role.TEACHER], prefix=f"{classes}unit__") & models.Q(
            **{f"{classes}teachers": user.pk}
        )
        of_classes = self.model.objects.filter(
            path_below(*over, prefix=f"{classes}unit__") | taught, enrolled
        )
        return self.filter(
            path_below(*over, prefix="unit__") | models.Q(pk__in=of_classes.values("pk"))
        )


class Learner(models.Model):
    """Somebody who learns. Needs no account, no e-mail and no telephone.

    Kept on purpose as little as the roll needs: no identity-card number, no exact date of birth,
    no face, nothing about health (个人信息保护法, least necessary).
    """

    number = models.CharField(_("学员号"), max_length=NUMBER_LENGTH, unique=True, editable=False)
    name = models.CharField(_("姓名"), max_length=40)
    birth_year = models.PositiveSmallIntegerField(
        _("出生年份"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2020)],
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("村居"), on_delete=models.PROTECT, related_name="learners"
    )
    telephone = models.CharField(_("电话"), max_length=20, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, editable=False
    )
    registered_at = models.DateTimeField(auto_now_add=True)
    #: When name, year, telephone and number were erased at the learner's wish; None: they stand.
    erased_at = models.DateTimeField(null=True, editable=False)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    erasure_reason = models.CharField(_("注销的原因"), max_length=80, blank=True, editable=False)

    objects = LearnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("学员")
        verbose_name_plural = _("学员")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^\d{9}$"),
                name="a_learners_number_has_nine_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(birth_year__isnull=True)
                | models.Q(birth_year__range=(1900, 2020)),
                name="a_learner_was_born_in_a_year_that_can_be",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True, erased_by__isnull=True)
                | models.Q(
                    ~models.Q(erasure_reason=""),
                    erased_at__isnull=False,
                    erased_by__isnull=False,
                    name=ERASED_NAME,
                    birth_year__isnull=True,
                    telephone="",
                    user__isnull=True,
                ),
                name="of_an_erased_learner_nothing_personal_stays",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "name", "birth_year"], name="learner_by_unit_and_name"),
        ]

    def __str__(self) -> str:
        return self.name


def is_learner_number(number: str) -> bool:
    """Whether the check digit is right: any single wrong digit and any swap of two neighbours is
    noticed (Damm's algorithm)."""
    return len(number) == NUMBER_LENGTH and damm.is_valid(number)


class DelegateQuerySet(models.QuerySet["Delegate"]):
    def in_force(self, day: date | None = None) -> Self:
        """Neither over nor revoked on that day; None means today."""
        day = day or timezone.localdate()
        return self.filter(from_date__lte=day, until_date__gt=day, revoked_at__isnull=True)


class Delegate(models.Model):
    """A family member or village staff may act for a learner, who agreed, until a day.

    `person` None: the learner has been erased, and with it who stood near.
    """

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="delegates")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="represented_learners",
    )
    relation = models.CharField(_("关系"), max_length=20)
    scope = models.CharField(_("可以办什么"), max_length=8, choices=DelegateScope.choices)
    consent = models.CharField(_("怎么同意的"), max_length=9, choices=Consent.choices)
    #: Who was there when consent was only spoken; blank otherwise.
    witness = models.CharField(_("见证人"), max_length=40, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    from_date = models.DateField(_("从"), default=timezone.localdate)
    until_date = models.DateField(_("到（不含）"))
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name = _("亲友代办")
        verbose_name_plural = _("亲友代办")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(scope__in=DelegateScope.values),
                name="a_delegates_scope_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(consent__in=Consent.values),
                name="a_delegate_has_the_learners_consent",
            ),
            models.CheckConstraint(
                condition=~models.Q(consent=Consent.SPOKEN) | ~models.Q(witness=""),
                name="a_spoken_consent_has_a_witness",
            ),
            models.CheckConstraint(
                condition=models.Q(until_date__gt=models.F("from_date")),
                name="a_delegate_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.learner}"

    @property
    def last_day(self) -> date:
        return self.until_date - timedelta(days=1)

    @property
    def is_in_force(self) -> bool:
        """Today; see DelegateQuerySet.in_force."""
        return self.revoked_at is None and self.from_date <= timezone.localdate() < self.until_date
