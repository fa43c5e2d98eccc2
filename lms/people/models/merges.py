"""One person who stands in the register twice: made one, or told apart for good."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.people.models.learners import Learner
from lms.people.models.roles import administered_by
from lms.units.models import Unit

#: So long a merge can be taken back.
UNDONE_WITHIN = timedelta(days=30)


class LearnerMergeQuerySet(models.QuerySet["LearnerMerge"]):
    def visible_to(self, user: Visitor) -> Self:
        """Of two learners over both of whose units the user is an officer, as they were before."""
        return self.filter(
            administered_by(user, prefix="kept_unit__"),
            administered_by(user, prefix="gone__unit__"),
        )

    def standing(self) -> Self:
        """Those that have not been taken back."""
        return self.filter(undone_at__isnull=True)


class LearnerMerge(models.Model):
    """Two rows of the register were found to be one person: `gone` leads to `kept` from then on,
    until that is taken back. Never deleted."""

    kept = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="merges_away")
    #: Where the kept one stood until then.
    kept_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("为什么合并"), max_length=80)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    merged_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(_("为什么撤销"), max_length=80, blank=True)
    #: What each room moved, by its name, so that it can be moved back; empty once it cannot be.
    notes = models.JSONField(default=dict)

    objects = LearnerMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("合并学员")
        verbose_name_plural = _("合并学员")
        ordering: ClassVar = ["-merged_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["gone"],
                condition=models.Q(undone_at__isnull=True),
                name="a_learner_is_merged_into_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(kept=models.F("gone")), name="nobody_is_merged_into_oneself"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="a_merge_of_learners_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason="")
                | models.Q(
                    ~models.Q(undone_reason=""), undone_at__isnull=False, undone_by__isnull=False
                ),
                name="an_undone_merge_says_by_whom_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"

    @property
    def undone_until(self) -> datetime:
        """Until when it can be taken back."""
        return self.merged_at + UNDONE_WITHIN

    @property
    def is_undoable(self) -> bool:
        """Not taken back yet, and not too old; whether anything else stands against it, the
        service says."""
        return self.undone_at is None and timezone.now() < self.undone_until


class ToldApart(models.Model):
    """Somebody has said that two learners who look like one are two people, so that they are not
    offered for merging again. `first` is the one with the lower key."""

    first = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="told_apart")
    second = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="told_apart_too")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("不是同一个人")
        verbose_name_plural = _("不是同一个人")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="two_are_told_apart_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="the_lower_key_comes_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
