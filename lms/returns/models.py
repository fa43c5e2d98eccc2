"""The monthly return (月报) of each unit: where it stands, what was signed, and what was done about
it. docs/features/returns.md, decision 035.

The rows of a month are its tree: who stands under whom, and by what name, as on the month's last
day. A unit that is moved, merged or renamed afterwards changes none of them.
"""

import json
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.people.choices import SUPERVISES, Role
from lms.people.models import supervised_by, supervised_units
from lms.returns.choices import (
    COUNTED,
    OPEN,
    SETTLED,
    Punctuality,
    ReturnActKind,
    ReturnState,
    SignedBy,
)
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from lms.units.choices import Level
from lms.units.models import Unit

NOTE_MOST = 200  # characters
WORDS_MOST = 1000
SIGNED = (ReturnState.SUBMITTED, ReturnState.APPROVED, ReturnState.LOCKED)


class Final(TypeError):
    """Somebody tried to change or delete what was signed, or what was written in the log."""


class FinalQuerySet(models.QuerySet[Any]):
    """Rows are added and read; nothing else is done to them."""

    def update(self, **fields: Any) -> int:
        raise Final

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Final


class FinalModel(models.Model):
    objects = FinalQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Final
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Final


def in_the_returns_tree(*units: Unit, prefix: str = "") -> models.Q:
    """A condition on the return reached by `prefix`: it is of one of these, or stood under it."""
    condition = models.Q(pk__in=[])
    for unit in units:
        condition |= models.Q(**{f"{prefix}trail__contains": f"/{unit.pk}/"})
    return condition


class ReturnQuerySet(models.QuerySet["Return"]):
    def visible_to(self, user: Visitor) -> Self:
        """Of units that the user supervises or may read, and of all that stood under them then, or
        stand there today."""
        if user.is_authenticated and user.is_superuser:
            return self.all()
        units = supervised_units(user, roles=SUPERVISES)
        return self.filter(in_the_returns_tree(*units) | supervised_by(user, prefix="unit__"))

    def fillable_by(self, user: Visitor) -> Self:
        """What the user may sign: an officer of that unit, or of one over it at that time."""
        if user.is_authenticated and user.is_superuser:
            return self.all()
        return self.filter(in_the_returns_tree(*supervised_units(user, roles=(Role.OFFICER,))))

    def decidable_by(self, user: Visitor) -> Self:
        """What the user may approve or send back: an officer of a unit over it at that time."""
        if user.is_authenticated and user.is_superuser:
            return self.filter(above__isnull=False)
        units = supervised_units(user, roles=(Role.OFFICER,))
        return self.filter(in_the_returns_tree(*units, prefix="above__"))

    def under(self, one: "Return") -> Self:
        """Those of the month that stood below it, however far; not itself."""
        below = self.filter(month=one.month, trail__startswith=one.trail)
        return below.exclude(pk=one.pk)

    def of_month(self, month: Period) -> Self:
        return self.filter(month=month.starts_on)


class Return(models.Model):
    """What a unit owes for a month. `turn` counts what was done about it, so that two people at
    once cannot undo each other."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="returns"
    )
    month = models.DateField(_("月份"))  # its first day
    #: The return of the unit right above; None at the top.
    above = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="below")
    #: The keys of the units from the top down to this one, each between strokes: "/1/22/333/".
    trail = models.CharField(max_length=120, editable=False)
    #: As the unit was called on the month's last day.
    unit_name = models.CharField(max_length=60, editable=False)
    level = models.CharField(max_length=8, choices=Level.choices, editable=False)
    #: Keys of units that closed within the month, whose sessions count here.
    also = models.JSONField(default=list, editable=False)
    due_on = models.DateField(_("最晚"))
    state = models.CharField(
        _("情况"), max_length=9, choices=ReturnState.choices, default=ReturnState.TO_FILL
    )
    turn = models.PositiveIntegerField(default=0)
    #: The day on which it was first signed; None: never.
    submitted_on = models.DateField(null=True)
    #: What was signed last; kept while it is open again.
    snapshot = models.OneToOneField(
        "Snapshot", null=True, on_delete=models.PROTECT, related_name="current_of"
    )
    #: Why it was sent back, unlocked or put down as missing; blank otherwise.
    note = models.CharField(_("意见"), max_length=NOTE_MOST, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("月报")
        verbose_name_plural = _("月报")
        ordering: ClassVar = ["month", "unit__path"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["month", "unit"], name="a_unit_has_one_return_of_a_month"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ReturnState.values),
                name="a_returns_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=SIGNED) | models.Q(snapshot__isnull=False),
                name="a_return_that_was_submitted_has_its_figures",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(ReturnState.MISSING, ReturnState.SENT_BACK))
                | ~models.Q(note=""),
                name="a_return_that_is_missing_or_sent_back_says_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["month", "state"], name="returns_by_state")]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.period.label}"

    def get_absolute_url(self) -> str:
        return reverse("returns:unit", args=[self.unit.code, self.period.slug])

    @property
    def period(self) -> Period:
        return Period(PeriodKind.MONTH, self.month)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def is_counted(self) -> bool:
        return self.state in COUNTED

    @property
    def is_signed(self) -> bool:
        return self.state in SIGNED

    @property
    def covers(self) -> list[int]:
        """Keys of the units whose own sessions count here."""
        return [self.unit_id, *self.also]

    def punctuality(self, today: date | None = None) -> Punctuality:
        """`today` None: today."""
        today = today or timezone.localdate()
        if self.state == ReturnState.MISSING:  # though it was handed in once, and sent back
            return Punctuality.MISSING
        if self.submitted_on is not None:
            return Punctuality.ON_TIME if self.submitted_on <= self.due_on else Punctuality.LATE
        return Punctuality.OVERDUE if today > self.due_on else Punctuality.AHEAD

    @property
    def days_left(self) -> int:
        """Until its last day; below 0 once that has passed."""
        return (self.due_on - timezone.localdate()).days


class Snapshot(FinalModel):
    """What was signed: figures, the tree of then, what stood out, words. Never computed again:
    `content` is the text over which `digest` (SHA-256) was taken, to the byte."""

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="snapshots")
    made_at = models.DateTimeField(default=timezone.now)
    content = models.TextField()
    digest = models.CharField(_("校验码"), max_length=64)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_with = models.CharField(_("验证"), max_length=8, choices=SignedBy.choices)

    class Meta(FinalModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.of_id} {self.digest[:12]}"

    @cached_property
    def told(self) -> dict[str, Any]:
        """The content as data."""
        data: dict[str, Any] = json.loads(self.content)
        return data


class ReturnAct(FinalModel):
    """What was done about a return, by whom and why. Never changed, never deleted."""

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=9, choices=ReturnActKind.choices)
    #: What stood signed then; None: nothing.
    snapshot = models.ForeignKey(Snapshot, null=True, on_delete=models.PROTECT, related_name="acts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=NOTE_MOST, blank=True)
    #: Seconds for which the page had been open to whoever approved; None: of other acts.
    open_for = models.PositiveIntegerField(null=True)
    #: Ties together what was done at once: an unlocking down the levels, an approval of many.
    batch = models.UUIDField(null=True)

    class Meta(FinalModel.Meta):
        abstract = False
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ReturnActKind.values),
                name="a_return_acts_kind_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    kind__in=(
                        ReturnActKind.SENT_BACK,
                        ReturnActKind.MISSING,
                        ReturnActKind.UNLOCKED,
                    )
                )
                | ~models.Q(reason=""),
                name="who_sends_a_return_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_id}: {self.get_kind_display()}"


class ReturnDeadline(models.Model):
    """By which working day of the next month the units of a level hand theirs in, as whoever
    stands at the top has set it; what is not set is as `deadlines.USUAL` has it."""

    top = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=8, choices=Level.choices)
    working_day = models.PositiveSmallIntegerField(_("第几个工作日"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["top", "level"], name="a_level_has_one_last_day_of_returns"
            ),
            models.CheckConstraint(
                condition=models.Q(working_day__range=(1, 20)),
                name="returns_are_due_on_working_day_1_to_20",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.top} {self.level}: {self.working_day}"


class NoTeaching(models.Model):
    """A unit holds no classes in a year (无办学), so that neither it nor what stands below owes a
    return, unless a class was planned all the same."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="years_without_classes"
    )
    year = models.PositiveSmallIntegerField(_("年份"))
    reason = models.CharField(_("原因"), max_length=80)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(default=timezone.now)
    #: Taken back; None: it holds.
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("无办学")
        verbose_name_plural = _("无办学")
        ordering: ClassVar = ["-year", "unit__path"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="a_unit_is_once_without_classes_in_a_year",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="a_unit_without_classes_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"


class ReturnTemplate(models.Model):
    """A spreadsheet with named cells, into which returns of a unit and all below are written: the
    city's own form. The newest of the nearest unit holds; older ones stay."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    #: Names in it that are filled in.
    names = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.file_name
