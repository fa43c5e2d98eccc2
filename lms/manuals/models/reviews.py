"""Reviews of a version, and the task of Wagtail's workflows that asks for them."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task as WagtailTask
from wagtail.models import TaskState

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.manuals.choices import (
    NEEDS_TWO_REVIEWERS,
    ReviewOutcome,
    ReviewStage,
    VersionState,
)
from lms.manuals.models.manuals import ManualVersion


class Review(models.Model):
    """What one reviewer said about one version."""

    version = models.ForeignKey(ManualVersion, on_delete=models.CASCADE, related_name="reviews")
    stage = models.CharField(_("审什么"), max_length=6, choices=ReviewStage.choices)
    outcome = models.CharField(_("结果"), max_length=8, choices=ReviewOutcome.choices)
    note = models.CharField(_("意见"), max_length=600, blank=True)
    #: None when the person's account is gone.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("审核意见")
        verbose_name_plural = _("审核意见")
        ordering: ClassVar = ["-reviewed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "stage"], name="a_version_is_reviewed_once_for_each_question"
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=ReviewStage.values, outcome__in=ReviewOutcome.values),
                name="a_reviews_question_and_answer_are_known_ones",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=ReviewOutcome.APPROVED) | ~models.Q(note=""),
                name="whoever_returns_a_manual_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.get_stage_display()} · {self.get_outcome_display()}"


class ReviewNoteQuerySet(models.QuerySet["ReviewNote"]):
    def before(self, version: ManualVersion) -> Self:
        """Those on earlier versions of the same manual: what a draft is to be mended by."""
        return self.filter(
            version__manual=version.manual_id, version__number__lt=version.number
        ).select_related("version", "written_by")


class ReviewNote(models.Model):
    """What a reviewer says at one part of a version. The maker finds it at that part of the next
    draft, by the part's key, and says when it is done."""

    version = models.ForeignKey(ManualVersion, on_delete=models.CASCADE, related_name="step_notes")
    #: Of the part.
    key = models.UUIDField()
    words = models.CharField(_("意见"), max_length=300)
    #: None when the person's account is gone.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)
    #: When the maker said that it is done; None: not yet.
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("一步上的意见")
        verbose_name_plural = _("一步上的意见")
        ordering: ClassVar = ["written_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(words=""), name="a_note_at_a_step_says_something"
            )
        ]

    def __str__(self) -> str:
        return self.words


def reviews_manuals(user: Visitor) -> bool:
    """Whether the user has the right to review, as the group 说明书审核员 has."""
    return bool(user.is_active and user.has_perm("manuals.review_manual"))


class ReviewTask(WagtailTask):
    """Wagtail's task for one question of a review.

    It is answered on our own page only, through `review.services.reviews`. Wagtail's own buttons
    would let people review their own organisation's manual, and return one without a note, so they
    are switched off here.
    """

    stage = models.CharField(_("审什么"), max_length=6, choices=ReviewStage.choices)

    class Meta:
        verbose_name = _("说明书审核")
        verbose_name_plural = _("说明书审核")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stage__in=ReviewStage.values),
                name="a_tasks_question_is_a_known_one",
            )
        ]

    def get_actions(self, obj: Any, user: User) -> list[Any]:
        return []

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        raise PermissionDenied

    def locked_for_user(self, obj: Any, user: User) -> bool:
        """Always: reviewers do not edit what they review."""
        return True

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> models.QuerySet[Any]:
        """What the admin's first page lists as waiting for the user; not their own manuals, nor
        those that two people must approve and of which they answered the other question."""
        if not reviews_manuals(user):
            return TaskState.objects.none()
        waiting: models.QuerySet[Any] = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        own = ManualVersion.objects.filter(
            models.Q(manual__product__organisation__members__user=user)
            | models.Q(submitted_by=user),
            state=VersionState.SUBMITTED,
        )
        for_others = ManualVersion.objects.filter(
            manual__product__kind__in=NEEDS_TWO_REVIEWERS,
            reviews__reviewer=user,
            state=VersionState.SUBMITTED,
        )
        manuals = {*own.values_list("manual", flat=True)}
        manuals |= {*for_others.values_list("manual", flat=True)}
        return waiting.exclude(workflow_state__object_id__in=[str(pk) for pk in manuals])

    @classmethod
    def get_description(cls) -> str:
        return str(_("厂商交来的说明书，由有审核权的人审。"))
