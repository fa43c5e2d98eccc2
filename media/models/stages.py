"""One row for each stage of a video or narration. All state is in the rows; Celery messages only
start work sooner."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media.choices import ENDED, FINISHED_WELL, IN_HAND, StageState
from media.models.narrations import Narration
from media.models.videos import Video

LONGEST_MESSAGE = 300  # characters


class StageQuerySet(models.QuerySet["Stage"]):
    def due(self, kind: str, *, needs: tuple[str, ...], now: datetime) -> Self:
        """Queued stages of one kind whose time has come and whose needs have finished well.

        Only a video's kinds have needs.
        """
        due = self.filter(kind=kind, state=StageState.QUEUED, due_at__lte=now)
        for need in needs:
            finished = Stage.objects.filter(
                video=models.OuterRef("video"), kind=need, state__in=FINISHED_WELL
            )
            due = due.filter(models.Exists(finished))
        return due

    def blocked_by(self, kind: str, *, need: str) -> Self:
        """Queued stages of one kind that can never run, since `need` has failed for good."""
        failed = Stage.objects.filter(
            video=models.OuterRef("video"), kind=need, state=StageState.FAILED
        )
        return self.filter(models.Exists(failed), kind=kind, state=StageState.QUEUED)

    def abandoned(self, now: datetime) -> Self:
        """Stages whose worker has not extended its lease in time."""
        return self.filter(state__in=IN_HAND, lease_until__lt=now)


class Stage(models.Model):
    """One step of the work on a video or narration; `kind` names an entry of
    media.pipeline.stages.KINDS. `token` belongs to the worker that holds the stage now: every write
    by a worker filters on it, so a worker that lost its lease changes nothing."""

    video = models.ForeignKey(
        Video, null=True, blank=True, on_delete=models.CASCADE, related_name="stages"
    )
    narration = models.ForeignKey(
        Narration, null=True, blank=True, on_delete=models.CASCADE, related_name="stages"
    )
    kind = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=StageState.choices, default=StageState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    #: Hash of the input and parameters that the last finished run had; blank before the first.
    fingerprint = models.CharField(max_length=64, blank=True)
    #: Why it failed or was not needed, or what was left out, in words for an editor.
    message = models.CharField(_("说明"), max_length=LONGEST_MESSAGE, blank=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["video", "kind"], name="a_video_has_one_stage_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["narration", "kind"], name="a_narration_has_one_stage_of_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(video__isnull=False, narration__isnull=True)
                | models.Q(video__isnull=True, narration__isnull=False),
                name="a_stage_is_of_a_video_or_of_a_narration",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=StageState.values),
                name="a_stages_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(progress__lte=100), name="a_stages_progress_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=IN_HAND, token__isnull=False, lease_until__isnull=False
                )
                | models.Q(~models.Q(state__in=IN_HAND), token__isnull=True),
                name="a_stage_in_hand_has_a_holder_and_a_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=StageState.FAILED) | ~models.Q(message=""),
                name="a_failed_stage_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="stage_by_state_and_due"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind}: {self.get_state_display()}"

    @property
    def subject(self) -> Video | Narration:
        """The video or narration of this stage."""
        subject = self.narration if self.video is None else self.video
        assert subject is not None  # the database sees to it
        return subject

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED
