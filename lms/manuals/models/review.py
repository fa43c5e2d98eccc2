"""Reviewing a manual by Wagtail's workflows: who reads for what, and what came of it."""

from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task as WagtailTask
from wagtail.models import TaskState, Workflow, WorkflowTask

from lms.manuals.choices import Outcome, Stage, VersionState
from lms.manuals.models.manuals import ManualVersion
from lms.manuals.models.products import Product


class Review(models.Model):
    """What one reviewer said about one version."""

    version = models.ForeignKey(ManualVersion, on_delete=models.CASCADE, related_name="reviews")
    stage = models.CharField(_("审什么"), max_length=6, choices=Stage.choices)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices)
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
                condition=models.Q(stage__in=Stage.values, outcome__in=Outcome.values),
                name="a_reviews_question_and_answer_are_known_ones",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.APPROVED) | ~models.Q(note=""),
                name="whoever_returns_a_manual_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.get_stage_display()} · {self.get_outcome_display()}"


def reviews_manuals(user: Any) -> bool:
    """Whether the user reviews any, as staff do in the group 说明书审核员."""
    return bool(user.is_active and user.has_perm("manuals.review_manual"))


def may_review(user: Any, version: ManualVersion) -> bool:
    """Nobody judges what he, or the organisation that he works for, has written. A superuser
    neither."""
    return (
        reviews_manuals(user)
        and version.submitted_by_id != user.pk
        and not version.manual.organisation.members.filter(user=user).exists()
    )


class ReviewTask(WagtailTask):
    """A task of Wagtail's for one question.

    It is answered by the verbs of `services.review` and on our own page only: Wagtail's buttons and
    addresses, which know neither whose a manual is nor that a return has a note, offer nothing.
    """

    stage = models.CharField(_("审什么"), max_length=6, choices=Stage.choices)

    class Meta:
        verbose_name = _("说明书审核")
        verbose_name_plural = _("说明书审核")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="a_tasks_question_is_a_known_one"
            )
        ]

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        return []

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        raise PermissionDenied

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody's words are changed by who judges them."""
        return True

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[Any]:
        """What Wagtail's first page lists as waiting for the user."""
        if not reviews_manuals(user):
            return TaskState.objects.none()
        waiting: models.QuerySet[Any] = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        own = ManualVersion.objects.filter(
            models.Q(manual__product__organisation__members__user=user)
            | models.Q(submitted_by=user),
            state=VersionState.SUBMITTED,
        )
        numbers = [str(pk) for pk in own.values_list("manual", flat=True)]
        return waiting.exclude(workflow_state__object_id__in=numbers)

    @classmethod
    def get_description(cls) -> str:
        return str(_("厂商交来的说明书，由有审核权的人审。"))


#: Names of the tasks and workflows, kept in the database and so in one language.
TASK_NAMES: Final = {Stage.PLAIN: "说明书：是否好懂", Stage.SAFETY: "说明书：是否安全"}
WORKFLOW_NAMES: Final = {
    (Stage.PLAIN,): "说明书审核",
    (Stage.PLAIN, Stage.SAFETY): "说明书审核（医疗、取暖、电器）",
}


def stages_for(product: Product) -> tuple[Stage, ...]:
    """In the order in which they are read."""
    return (Stage.PLAIN, Stage.SAFETY) if product.needs_safety_review else (Stage.PLAIN,)


def workflow_for(product: Product) -> Workflow:
    """Wagtail's row of it; made when it is first asked for."""
    stages = stages_for(product)
    named = Workflow.objects.filter(name=WORKFLOW_NAMES[stages], active=True)
    workflow: Workflow | None = named.first()
    if workflow is None:
        workflow = Workflow.objects.create(name=WORKFLOW_NAMES[stages])
        for order, stage in enumerate(stages):
            task = ReviewTask.objects.filter(stage=stage, active=True).first()
            task = task or ReviewTask.objects.create(stage=stage, name=TASK_NAMES[stage])
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    return workflow
