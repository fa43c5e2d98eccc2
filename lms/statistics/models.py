"""Counters: what each session adds up to, and the sums of every unit. docs/features/figures.md.

Only the services of this room write here. `kind` is a ClassKind; `subject` a courses Subject, or ""
for none, so that uniqueness means the same on every database.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.classes.choices import ClassKind
from lms.classes.models import ClassSession
from lms.people.models import Learner
from lms.statistics.choices import PeriodKind
from lms.units.models import Unit

#: What is counted, in the order of the columns.
COUNTERS = (
    "planned",
    "held",
    "cancelled",
    "attendances",
    "excused",
    "absences",
    "headcount",
)


class Counters(models.Model):
    planned = models.IntegerField(_("应上课次"), default=0)  # held, cancelled or awaited
    held = models.IntegerField(_("已上课次"), default=0)  # the roll is closed
    cancelled = models.IntegerField(_("取消课次"), default=0)
    attendances = models.IntegerField(_("到课人次"), default=0)
    excused = models.IntegerField(_("请假人次"), default=0)
    absences = models.IntegerField(_("缺课人次"), default=0)
    headcount = models.IntegerField(_("讲座人数"), default=0)  # of lectures, and beside the names

    class Meta:
        abstract = True


class SessionCounters(Counters):
    """What a session adds to the sums now, and to which. One that is cancelled counts nobody.

    Protects its session: who deletes one takes it out of the sums first (withdraw_sessions).
    """

    session = models.OneToOneField(
        ClassSession, primary_key=True, on_delete=models.PROTECT, related_name="counters"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, related_name="+")
    day = models.DateField()  # by the clock on the wall
    kind = models.CharField(max_length=8, choices=ClassKind.choices)
    subject = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(planned=1, held__in=(0, 1), cancelled__in=(0, 1))
                & ~models.Q(held=1, cancelled=1),
                name="a_session_is_held_or_cancelled_or_neither",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "day"], name="session_counters_by_day")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.day}"


class DailyRollup(Counters):
    """Sums over the sessions of a unit and of all below it, as the tree stands today. Changed in
    the transaction that changes what is counted; no row, or zeros, where there is nothing."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=ClassKind.choices)
    subject = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "day", "kind", "subject"], name="a_units_day_is_summed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.kind} {self.subject}"


class DirtyMonth(models.Model):
    """Somebody came or stayed away in that month after all, or units below have come or gone: the
    learners of that unit, and of all above it, wait to be counted.

    Each change adds a row of its own, however many there are: nobody waits for anybody, and what
    comes in while the others are being counted is still there afterwards.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, db_index=False, related_name="+")
    month = models.DateField()  # its first day

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%Y-%m}"


class DistinctLearner(models.Model):
    """A learner came at least once in that period to a session of that unit (a village as a rule).
    Follows the marks within a minute."""

    village = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, related_name="+")
    period_kind = models.CharField(max_length=5, choices=PeriodKind.choices)
    starts_on = models.DateField()
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["starts_on", "period_kind", "village", "learner"],
                name="a_learner_is_seen_once_a_period_in_a_village",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.village_id} {self.period_kind} {self.starts_on}"


class DistinctLearnerCount(models.Model):
    """How many different learners a unit and all below it reached in a period (人数): counted over
    DistinctLearner as the tree stands today, never summed. Follows the marks within a minute."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, db_index=False, related_name="+")
    period_kind = models.CharField(max_length=5, choices=PeriodKind.choices)
    starts_on = models.DateField()
    learners = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "period_kind", "starts_on"], name="a_units_period_is_counted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period_kind} {self.starts_on}: {self.learners}"


class Recount(models.Model):
    """A count of everything anew, from the marks on. What differed from the stored figures is its
    drift, which must be 0."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    compared = models.PositiveBigIntegerField()  # rows
    drift = models.PositiveIntegerField()  # rows that differed
    details = models.JSONField(default=list)  # the first of them, one a line
    mended = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M}: {self.drift}"
