"""Who learns."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from stdnum import damm

from lms.accounts.access import Visitor
from lms.people.choices import SUPERVISES, Role
from lms.people.models.roles import units_by_role
from lms.people.names import KEY_LENGTH, SOUND_LENGTH, PinyinField
from lms.units.models import Unit, path_below

#: A learner's number: random digits, so that nobody guesses a neighbour's, and one check digit.
NUMBER_LENGTH = 9
#: What stands where the name was, once a learner has asked to be forgotten. Kept in the database,
#: and so in one language.
ERASED_NAME = "已注销学员"


class LearnerQuerySet(models.QuerySet["Learner"]):
    def standing(self) -> Self:
        """Neither erased nor merged into another."""
        return self.filter(erased_at__isnull=True, merged_into__isnull=True)

    def called(self, number: str) -> Self:
        """Of these, who answers to that number: its own, or that of one who was merged into it."""
        rows = self.model.objects.filter(number=number)
        return self.filter(pk__in=rows.values(whose=Coalesce("merged_into", "pk")))

    def visible_to(self, user: Visitor) -> Self:
        """Learners of the units that the user supervises, and of the classes that the user sees
        (as ClassGroupQuerySet.visible_to)."""
        return self._open_to(user, SUPERVISES, models.Q())

    def changeable_by(self, user: Visitor) -> Self:
        """Whose particulars the user may read and put right: officers, and the teachers of the
        classes that the learner is in or waits for. Auditors read figures, not telephones."""
        still = models.Q(enrolments__left_at__isnull=True)
        return self._open_to(user, (Role.OFFICER,), still)

    def listed_for(self, user: Visitor) -> Self:
        """Of whom the user may read names and attendance: those, and an auditor all below."""
        still = models.Q(enrolments__left_at__isnull=True)
        return self._open_to(user, SUPERVISES, still)

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
    sort_key = PinyinField(max_length=KEY_LENGTH, editable=False)
    initials = PinyinField(max_length=40, initials=True, editable=False)
    sound = PinyinField(max_length=SOUND_LENGTH, sound=True, editable=False)
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
    #: None: the learner, or the nightly job after LEARNERS_KEPT_DAYS; the reason says which.
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    erasure_reason = models.CharField(_("注销的原因"), max_length=80, blank=True, editable=False)

    #: The same person's other row, which stands for both; never one that is merged itself. None:
    #: this one stands. Number, card and marks of this one lead there.
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="merged_here"
    )
    merged_at = models.DateTimeField(null=True, editable=False)

    objects = LearnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("学员")
        verbose_name_plural = _("学员")
        ordering: ClassVar = ["sort_key", "pk"]
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
                    name=ERASED_NAME,
                    birth_year__isnull=True,
                    telephone="",
                    user__isnull=True,
                ),
                name="of_an_erased_learner_nothing_personal_stays",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True, merged_at__isnull=True)
                | models.Q(
                    ~models.Q(merged_into=models.F("pk")),
                    merged_into__isnull=False,
                    merged_at__isnull=False,
                ),
                name="a_merged_learner_says_into_whom_and_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "name", "birth_year"], name="learner_by_unit_and_name"),
            models.Index(fields=["unit", "sort_key"], name="learner_by_unit_and_pinyin"),
            models.Index(fields=["unit", "sound"], name="learner_by_unit_and_sound"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The pinyin follows the name, also where only that is stored."""
        fields = kwargs.get("update_fields")
        if fields is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "sort_key", "initials", "sound"}
        super().save(*args, **kwargs)

    @property
    def stands_as(self) -> int:
        """The key of the row that stands for this person now: its own unless it is merged."""
        return self.merged_into_id or self.pk


def is_learner_number(number: str) -> bool:
    """Whether the check digit is right: any single wrong digit and any swap of two neighbours is
    noticed (Damm's algorithm)."""
    return len(number) == NUMBER_LENGTH and damm.is_valid(number)
