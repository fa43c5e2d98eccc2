"""Wagtail's workflows for reviews: a task for each question, a workflow for each set of them."""

from wagtail.models import Workflow, WorkflowTask

from lms.manuals.choices import REVIEW_TASK_NAMES, REVIEW_WORKFLOW_NAMES, ReviewStage
from lms.manuals.models import Manual, ReviewTask


def find_or_make_workflow(manual: Manual) -> Workflow:
    """The workflow for the questions that its product is reviewed for."""
    workflow = manual.get_workflow()
    if workflow is not None:
        return workflow
    stages = manual.product.review_stages
    workflow = Workflow.objects.create(name=REVIEW_WORKFLOW_NAMES[stages])
    for order, stage in enumerate(stages):
        task = _find_or_make_task(stage)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    return workflow


def _find_or_make_task(stage: ReviewStage) -> ReviewTask:
    task = ReviewTask.objects.filter(stage=stage, active=True).first()
    return task or ReviewTask.objects.create(stage=stage, name=REVIEW_TASK_NAMES[stage])
