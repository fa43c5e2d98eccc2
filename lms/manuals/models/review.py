"""Reviewing a manual by Wagtail's workflows: who reads for what, and what came of it."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task as WagtailTask
from wagtail.models import Workflow, WorkflowTask

from lms.manuals.choices import Outcome, Stage
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


class ReviewTask(WagtailTask):
    """A task of Wagtail's for one question. Who may answer it stands in `lms.manuals.permissions`,
    so that it is the same on every way in."""

    stage = models.CharField(_("审什么"), max_length=6, choices=Stage.choices)

    class Meta:
        verbose_name = _("说明书审核")
        verbose_name_plural = _("说明书审核")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="a_tasks_question_is_a_known_one"
            )
        ]


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
    workflow, is_new = Workflow.objects.get_or_create(name=WORKFLOW_NAMES[stages], active=True)
    if is_new:
        for order, stage in enumerate(stages):
            task = ReviewTask.objects.filter(stage=stage, active=True).first()
            task = task or ReviewTask.objects.create(stage=stage, name=TASK_NAMES[stage])
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    return workflow
