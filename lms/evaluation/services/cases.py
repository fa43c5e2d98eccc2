"""Verbs about cases: handed in, sent up, sent back, chosen, withdrawn; each leaves a line."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.evaluation.choices import CaseAct, CaseState
from lms.evaluation.models import CaseEvent, TypicalCase
from lms.people.models import administered_by
from lms.units.models import Unit


class CaseRefused(Exception):
    """What cannot be done about a case; the text says why."""


@dataclass(frozen=True)
class CaseWords:
    """`consent` blank and `consented_on` None: nobody is named."""

    title: str
    situation: str
    deed: str
    outcome: str
    names_people: bool
    consent: str = ""
    consented_on: date | None = None


@transaction.atomic
def submit_case(*, unit: Unit, told: CaseWords, submitted_by: User) -> TypicalCase:
    """It lies one level above the unit then; at the top it stays there."""
    case = TypicalCase.objects.create(
        unit=unit, lies_at=unit.get_parent() or unit, submitted_by=submitted_by, **vars(told)
    )
    _note(case, CaseAct.SUBMITTED, by=submitted_by)
    return case


@transaction.atomic
def submit_again(case: TypicalCase, *, told: CaseWords, submitted_by: User) -> None:
    """With other words, to where it was sent back from. Raises CaseRefused unless it was."""
    case = _locked(case)
    if not case.can_be_changed:
        raise CaseRefused(_("只有退回来的案例才能改。"))
    for name, value in vars(told).items():
        setattr(case, name, value)
    case.state = CaseState.SUBMITTED
    case.save()
    _note(case, CaseAct.SUBMITTED, by=submitted_by)


@transaction.atomic
def send_up(case: TypicalCase, *, by: User) -> None:
    """To the level above. Raises CaseRefused at the top, and as `_required`."""
    case = _required(case, by)
    above = case.lies_at.get_parent()
    if above is None:
        raise CaseRefused(_("这里是最上面一级，请选上或者退回。"))
    _note(case, CaseAct.SENT_UP, by=by)
    case.lies_at = above
    case.save(update_fields=["lies_at"])


@transaction.atomic
def send_back(case: TypicalCase, *, by: User, reason: str) -> None:
    """Raises CaseRefused without a reason, and as `_required`."""
    case = _required(case, by)
    _said(reason)
    _settle(case, CaseState.RETURNED, CaseAct.RETURNED, by=by, reason=reason)


@transaction.atomic
def choose_case(case: TypicalCase, *, by: User) -> None:
    """Make it public. Raises CaseRefused below the top, and as `_required`."""
    case = _required(case, by)
    if case.lies_at.get_parent() is not None:
        raise CaseRefused(_("要到最上面一级才能选上、公开。请先往上报。"))
    _settle(case, CaseState.CHOSEN, CaseAct.CHOSEN, by=by)


@transaction.atomic
def withdraw_case(case: TypicalCase, *, by: User, reason: str) -> None:
    """Take it off the site, or out of the queue, for good: who handed it in, and officers where it
    lies or above. Raises CaseRefused without a reason, for others, and when it was before."""
    case = _locked(case)
    _said(reason)
    if case.state == CaseState.WITHDRAWN:
        raise CaseRefused(_("这个案例已经撤下了。"))
    if case.submitted_by_id != by.pk and not keeps(by, case.lies_at):
        raise CaseRefused(_("这个案例不在您这里，不能撤下。"))
    _settle(case, CaseState.WITHDRAWN, CaseAct.WITHDRAWN, by=by, reason=reason)


def keeps(user: User, unit: Unit) -> bool:
    """Whether the user is an officer of the unit or above it."""
    return bool(Unit.objects.filter(administered_by(user), pk=unit.pk).exists())


def _required(case: TypicalCase, by: User) -> TypicalCase:
    """Locked. Raises CaseRefused when it does not wait, for its own author, and for who is no
    officer where it lies."""
    case = _locked(case)
    if case.state != CaseState.SUBMITTED:
        raise CaseRefused(_("这个案例已经有人办了。"))
    if case.submitted_by_id == by.pk:
        raise CaseRefused(_("自己报的案例，要请别人来定。"))
    if not keeps(by, case.lies_at):
        raise CaseRefused(_("这个案例不在您这里。"))
    return case


def _locked(case: TypicalCase) -> TypicalCase:
    held = TypicalCase.objects.select_for_update(of=("self",))
    return held.select_related("lies_at").get(pk=case.pk)


def _said(reason: str) -> None:
    if not reason.strip():
        raise CaseRefused(_("请写明原因。"))


def _settle(
    case: TypicalCase, state: CaseState, act: CaseAct, *, by: User, reason: str = ""
) -> None:
    case.state, case.decided_at = state, timezone.now()
    case.save(update_fields=["state", "decided_at"])
    _note(case, act, by=by, reason=reason)


def _note(case: TypicalCase, act: CaseAct, *, by: User, reason: str = "") -> None:
    CaseEvent.objects.create(case=case, act=act, unit=case.lies_at, by=by, reason=reason.strip())
