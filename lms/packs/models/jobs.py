"""Work on packs that somebody asked for on a page and a worker does out of sight."""

from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.packs.choices import IN_HAND, JobState

LONGEST_MESSAGE = 300  # characters


J = TypeVar("J", bound="Job")


class JobQuerySet(models.QuerySet[J]):
    def in_hand(self) -> Self:
        return self.filter(state__in=IN_HAND)

    def abandoned(self, now: datetime) -> Self:
        """Those whose worker has not extended its lease in time."""
        return self.filter(state=JobState.RUNNING, lease_until__lt=now)


class Job(models.Model):
    """`token` belongs to the worker that does it now: every write by a worker filters on it
    (lms.packs.leases)."""

    #: None when the account is gone.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(_("什么时候"), auto_now_add=True)
    state = models.CharField(max_length=7, choices=JobState.choices, default=JobState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, default=None)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    #: Why it failed, or what there is to be said of it, in words for whoever asked.
    message = models.CharField(_("说明"), max_length=LONGEST_MESSAGE, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-asked_at", "-pk"]

    @property
    def is_over(self) -> bool:
        return self.state not in IN_HAND


def of_a_job(noun: str) -> list[models.CheckConstraint]:
    """What holds of every row of such a table; `noun` goes into the names of the constraints."""
    return [
        models.CheckConstraint(
            condition=models.Q(state__in=JobState.values),
            name=f"a_{noun}s_state_is_a_known_one",
        ),
        models.CheckConstraint(
            condition=models.Q(progress__lte=100), name=f"a_{noun}s_progress_is_a_percentage"
        ),
        models.CheckConstraint(
            condition=models.Q(
                state=JobState.RUNNING, token__isnull=False, lease_until__isnull=False
            )
            | models.Q(~models.Q(state=JobState.RUNNING), token__isnull=True),
            name=f"a_{noun}_in_hand_has_a_holder_and_a_lease",
        ),
        models.CheckConstraint(
            condition=~models.Q(state=JobState.FAILED) | ~models.Q(message=""),
            name=f"a_failed_{noun}_says_why",
        ),
    ]
