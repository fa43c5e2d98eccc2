"""Verbs that hand a version in, take it back, and judge it. Wagtail's workflow keeps the order of
the questions and publishes at the end; these own the transaction, and who may."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.manuals.choices import Outcome, Stage, VersionState
from lms.manuals.models import Manual, ManualVersion, Review, ReviewTask
from lms.manuals.models.review import may_review, workflow_for
from lms.manuals.services.versions import lock_manual
from lms.manuals.simplicity import Finding, stops_of


class SubmissionRefused(Exception):
    """What cannot be handed in yet. `findings` are the gate's; empty when it is something else."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)


class ReviewRefused(Exception):
    """What cannot be judged or taken back so; the text says what to do."""


@transaction.atomic
def submit(version: ManualVersion, *, by: Any) -> ManualVersion:
    """Seal the draft and put it before the reviewers; what is live stays live.

    Raises SubmissionRefused for another organisation's, a closed one's, or what the gate stops.
    """
    manual = lock_manual(version.manual)
    version = manual.versions.with_content().get(pk=version.pk)
    organisation = manual.organisation
    if not organisation.members.filter(user=by).exists():
        raise SubmissionRefused(_("只能交自己单位的说明书。"))
    if not organisation.is_active:
        raise SubmissionRefused(_("您的单位现在没有开通，不能交说明书。"))
    if not version.is_draft:
        raise SubmissionRefused(_("这一版已经交过了。"))
    if stops := stops_of(version):
        words = _("还有%(count)d处要改，改好再交。") % {"count": len(stops)}
        raise SubmissionRefused(words, stops)
    version.state = VersionState.SUBMITTED
    version.submitted_at, version.submitted_by = timezone.now(), by
    version.save(update_fields=["state", "submitted_at", "submitted_by"])
    _start_workflow(manual, version, by)
    return version


@transaction.atomic
def withdraw(version: ManualVersion, *, by: Any) -> None:
    """Take back what nobody has finished judging. Raises ReviewRefused when somebody has."""
    manual = lock_manual(version.manual)
    version = _submitted(manual, version)
    version.state = VersionState.WITHDRAWN
    version.save(update_fields=["state"])
    if workflow := manual.current_workflow_state:
        workflow.cancel(user=by)


@transaction.atomic
def approve(version: ManualVersion, *, by: Any, note: str = "") -> ManualVersion:
    """Say yes to the question that is asked now; after the last one, elders see this version.

    Raises ReviewRefused when it is his own, not waiting, or its maker is not active.
    """
    manual = lock_manual(version.manual)
    version = _submitted(manual, version)
    stage, task_state = _question(manual, version, by)
    if not manual.organisation.is_active:
        raise ReviewRefused(_("这家厂商现在没有开通，不能发布。"))
    Review.objects.create(
        version=version, stage=stage, outcome=Outcome.APPROVED, note=note.strip(), reviewer=by
    )
    if manual.current_workflow_state.is_at_final_task:
        manual.versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.PAST)
        version.state, version.published_at = VersionState.PUBLISHED, timezone.now()
        version.save(update_fields=["state", "published_at"])
    task_state.approve(user=by, comment=note.strip())
    return version


@transaction.atomic
def return_version(version: ManualVersion, *, by: Any, note: str) -> ManualVersion:
    """Say what to mend. Raises as approve does, and when nothing is said."""
    manual = lock_manual(version.manual)
    version = _submitted(manual, version)
    stage, task_state = _question(manual, version, by)
    if not note.strip():
        raise ReviewRefused(_("请写明哪里要改，厂商才知道怎么改。"))
    Review.objects.create(
        version=version, stage=stage, outcome=Outcome.RETURNED, note=note.strip(), reviewer=by
    )
    version.state = VersionState.RETURNED
    version.save(update_fields=["state"])
    task_state.reject(user=by, comment=note.strip())
    return version


def stage_of(manual: Manual) -> Stage | None:
    """What is being asked about the version that was handed in; None when none waits."""
    task = manual.current_workflow_task
    return Stage(task.stage) if isinstance(task, ReviewTask) else None


def _start_workflow(manual: Manual, version: ManualVersion, by: Any) -> None:
    """A revision is the number of the version; the manual's own row still has the live one."""
    if before := manual.current_workflow_state:  # of the version that was returned
        before.cancel(user=by)
    pointing = Manual.objects.get(pk=manual.pk)
    pointing.published_version = version
    pointing.save_revision(user=by, clean=False, log_action=True)
    workflow_for(manual.product).start(pointing, by)


def _submitted(manual: Manual, version: ManualVersion) -> ManualVersion:
    version = manual.versions.select_related("manual__product__organisation").get(pk=version.pk)
    if version.state != VersionState.SUBMITTED:
        raise ReviewRefused(_("这一版现在不在审核。请刷新页面看看。"))
    return version


def _question(manual: Manual, version: ManualVersion, by: Any) -> tuple[Stage, Any]:
    """What is asked now, and Wagtail's row of it. Raises ReviewRefused for who may not answer, and
    when an administrator has stopped the workflow."""
    if not may_review(by, version):
        raise ReviewRefused(_("自己写的或者自己单位的说明书，要请别人审。"))
    stage = stage_of(manual)
    if stage is None:
        raise ReviewRefused(_("这次审核被管理员停了。请厂商撤回，再交一次。"))
    return stage, manual.current_workflow_task_state
