"""Verbs that hand a version in, withdraw it, approve it and return it.

Wagtail's workflow keeps the order of the questions and publishes after the last. These check who
may, and own the transaction.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from courses.readability.findings import Finding
from lms.accounts.models import User
from lms.manuals.choices import ReviewOutcome, ReviewStage, VersionState
from lms.manuals.films.services import ask_for_film
from lms.manuals.models import Manual, ManualVersion, Review, ReviewTask
from lms.manuals.readability.queries import blocking_findings_of
from lms.manuals.review.permissions import why_not_review
from lms.manuals.review.services.days import check_days, forget_plan, write_days
from lms.manuals.review.services.news import tell_makers
from lms.manuals.review.services.workflows import find_or_make_workflow


class SubmissionRefused(Exception):
    """A version that cannot be handed in. `findings` are those of the readability check; empty when
    the reason is another one."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)


class ReviewRefused(Exception):
    """A review or a withdrawal that is not possible; the text says what to do."""


@transaction.atomic
def submit(version: ManualVersion, *, by: User) -> ManualVersion:
    """Close the draft for editing and start its review; what is live stays live.

    Raises SubmissionRefused for another organisation's version, for an organisation that is not
    active, and for findings of the readability check.
    """
    manual = Manual.objects.locked(version.manual)
    version = manual.versions.with_content().get(pk=version.pk)
    organisation = manual.organisation
    if not organisation.members.filter(user=by).exists():
        raise SubmissionRefused(_("只能交自己单位的说明书。"))
    if not organisation.is_active:
        raise SubmissionRefused(_("您的单位现在没有开通，不能交说明书。"))
    if not version.is_draft:
        raise SubmissionRefused(_("这一版已经交过了。"))
    if stops := blocking_findings_of(version):
        words = _("还有%(count)d处要改，改好再交。") % {"count": len(stops)}
        raise SubmissionRefused(words, stops)
    version.state = VersionState.SUBMITTED
    version.submitted_at, version.submitted_by = timezone.now(), by
    version.save(update_fields=["state", "submitted_at", "submitted_by"])
    _start_workflow(manual, version, by)
    ask_for_film(version)
    return version


@transaction.atomic
def withdraw(version: ManualVersion, *, by: User) -> None:
    """Take a version out of its review, or from the day for which it waits. Raises ReviewRefused
    when it is out already."""
    manual = Manual.objects.locked(version.manual)
    if manual.versions.filter(pk=version.pk, state=VersionState.PLANNED).exists():
        forget_plan(manual)
        manual.versions.filter(pk=version.pk).update(state=VersionState.WITHDRAWN)
        return
    version = submitted(manual, version)
    version.state = VersionState.WITHDRAWN
    version.save(update_fields=["state"])
    if workflow := manual.current_workflow_state:
        workflow.cancel(user=by)


@transaction.atomic
def approve(
    version: ManualVersion,
    *,
    by: User,
    note: str = "",
    asked: ReviewStage | None = None,
    shows_from: date | None = None,
    shows_until: date | None = None,
) -> ManualVersion:
    """Answer the current question with yes; after the last one the version is published, or waits
    for the day from which it is shown. asked: the question that was before the reviewer's eyes;
    None: whichever is asked now. Days: None: at once, and for good; they count only at the end.

    Raises DaysRefused, and ReviewRefused for an own manual, for the second question to whoever
    answered the first where two people must approve, a version that is not in review, a question
    that is no longer asked, and an organisation that is not active.
    """
    manual = Manual.objects.locked(version.manual)
    version = submitted(manual, version)
    stage, task_state = _question(manual, version, by, asked)
    if not manual.organisation.is_active:
        raise ReviewRefused(_("这家厂商现在没有开通，不能发布。"))
    review = Review.objects.create(
        version=version, stage=stage, outcome=ReviewOutcome.APPROVED, note=note.strip(), reviewer=by
    )
    if manual.current_workflow_state.is_at_final_task:
        check_days(shows_from=shows_from, shows_until=shows_until)
        write_days(task_state.revision, shows_from=shows_from, shows_until=shows_until)
        version.state = VersionState.PLANNED
        version.save(update_fields=["state"])
        ask_for_film(version)
    task_state.approve(user=by, comment=note.strip())  # publishes, now or on its day
    version.refresh_from_db()
    tell_makers(version, review)
    return version


@transaction.atomic
def return_version(
    version: ManualVersion, *, by: User, note: str, asked: ReviewStage | None = None
) -> ManualVersion:
    """Send it back with a note on what to change, here or at its parts. Raises as approve does,
    and without any note."""
    manual = Manual.objects.locked(version.manual)
    version = submitted(manual, version)
    stage, task_state = _question(manual, version, by, asked)
    if not note.strip():
        count = version.step_notes.count()
        if not count:
            raise ReviewRefused(_("请写明哪里要改，厂商才知道怎么改。"))
        note = _("请看写在各处的%(count)d条意见。") % {"count": count}
    review = Review.objects.create(
        version=version, stage=stage, outcome=ReviewOutcome.RETURNED, note=note.strip(), reviewer=by
    )
    version.state = VersionState.RETURNED
    version.save(update_fields=["state"])
    task_state.reject(user=by, comment=note.strip())
    tell_makers(version, review)
    return version


def stage_of(manual: Manual) -> ReviewStage | None:
    """The question that the version in review waits for; None when no version is in review."""
    task = manual.current_workflow_task
    return ReviewStage(task.stage) if isinstance(task, ReviewTask) else None


def _start_workflow(manual: Manual, version: ManualVersion, by: User) -> None:
    """The revision points to this version; the manual's own row still points to the live one."""
    if before := manual.current_workflow_state:  # of the version that was returned
        before.cancel(user=by)
    pointing = Manual.objects.get(pk=manual.pk)
    pointing.published_version = version
    pointing.save_revision(user=by, clean=False, log_action=True)
    find_or_make_workflow(manual).start(pointing, by)


def submitted(manual: Manual, version: ManualVersion) -> ManualVersion:
    version = manual.versions.select_related("manual__product__organisation").get(pk=version.pk)
    if version.state != VersionState.SUBMITTED:
        raise ReviewRefused(_("这一版现在不在审核。请刷新页面看看。"))
    return version


def _question(
    manual: Manual, version: ManualVersion, by: User, asked: ReviewStage | None
) -> tuple[ReviewStage, TaskState]:
    """The current question, and Wagtail's TaskState for it. Raises ReviewRefused for somebody who
    may not review it, when it is not the one that was asked (a decision was sent twice, or from
    two windows), and when an administrator has stopped the workflow."""
    stage = stage_of(manual)
    if asked is not None and stage is not None and stage != asked:
        raise ReviewRefused(
            _("“%(stage)s”刚才已经审过了，这次没有再算。请看清现在要审的是什么。")
            % {"stage": asked.label}
        )
    if reason := why_not_review(by, version):
        raise ReviewRefused(reason)
    if stage is None:
        raise ReviewRefused(_("这次审核被管理员停了。请厂商撤回，再交一次。"))
    return stage, manual.current_workflow_task_state
