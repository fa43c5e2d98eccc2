"""The level above answers: approved, sent back, missing."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.returns.choices import ReturnActKind, ReturnState
from lms.returns.errors import ReturnRefused
from lms.returns.models import NOTE_MOST, Return, ReturnAct
from lms.returns.services.holding import held, require_place, require_turn


@dataclass
class Answered:
    """How many were dealt with at once, and of each that was not, why."""

    done: int = 0
    left: list[str] = field(default_factory=list)


@transaction.atomic
def approve_returns(
    above: Return, *, turns: Mapping[int, int], by: User, opened_at: datetime
) -> Answered:
    """Approve those right below that are named by their keys, each with the turn that the person
    saw. What somebody else has dealt with meanwhile, and what the person signed, is left and told.

    opened_at: when the page was opened. Raises ReturnRefused when the level itself has signed. As
    many queries for hundreds as for one.
    """
    own, rows = held(above.pk, list(turns))
    require_place(own)
    answer = Answered()
    chosen = []
    for each in rows:
        reason = _why_not(each, own, turns[each.pk], by)
        if reason:
            answer.left.append(reason)
        else:
            chosen.append(each)
    if not chosen:
        return answer
    Return.objects.filter(pk__in=[each.pk for each in chosen]).update(
        state=ReturnState.APPROVED, turn=F("turn") + 1
    )
    now = timezone.now()
    seconds = max(0, int((now - opened_at).total_seconds()))
    batch = uuid.uuid4() if len(chosen) > 1 else None
    ReturnAct.objects.bulk_create(
        ReturnAct(
            of=each,
            kind=ReturnActKind.APPROVED,
            snapshot=each.snapshot,
            by=by,
            at=now,
            open_for=seconds,
            batch=batch,
        )
        for each in chosen
    )
    answer.done = len(chosen)
    return answer


def _why_not(each: Return, own: Return | None, turn: int, by: User) -> str:
    """Blank: it may be approved."""
    told = {"name": each.unit_name, "state": each.get_state_display()}
    if own is None or each.above_id != own.pk:
        return _("“%(name)s”不归这里审。") % told
    if each.turn != turn or each.state != ReturnState.SUBMITTED:
        return _("“%(name)s”刚刚有人办过，现在是“%(state)s”。") % told
    assert each.snapshot is not None
    if each.snapshot.signed_by_id == by.pk:
        return _("“%(name)s”是您自己签的，请另一位管理员审核。") % told
    return ""


@transaction.atomic
def send_back(one: Return, *, turn: int, by: User, note: str) -> None:
    """Whoever signed it changes and signs it again. Raises ReturnRefused."""
    mine = _mine_to_decide(one, turn)
    if mine.state not in (ReturnState.SUBMITTED, ReturnState.APPROVED):
        raise ReturnRefused(_("还没有报上来，不用退回。"))
    _answer(mine, ReturnState.SENT_BACK, ReturnActKind.SENT_BACK, by=by, reason=note)


@transaction.atomic
def put_down_as_missing(one: Return, *, turn: int, by: User, reason: str) -> None:
    """The level above goes on without it, and says why. Raises ReturnRefused."""
    mine = _mine_to_decide(one, turn)
    if not mine.is_open:
        raise ReturnRefused(_("已经报上来了，不能记为缺报。"))
    _answer(mine, ReturnState.MISSING, ReturnActKind.MISSING, by=by, reason=reason)


@transaction.atomic
def put_many_down_as_missing(
    above: Return, *, turns: Mapping[int, int], by: User, reason: str
) -> Answered:
    """Those right below that are named by their keys, each with the turn that the person saw, for
    one reason. What has come in meanwhile is left and told. Raises ReturnRefused when the level
    itself has signed."""
    own, rows = held(above.pk, list(turns))
    require_place(own)
    answer = Answered()
    for each in rows:
        told = {"name": each.unit_name, "state": each.get_state_display()}
        if own is None or each.above_id != own.pk:
            answer.left.append(_("“%(name)s”不归这里审。") % told)
        elif each.turn != turns[each.pk] or not each.is_open:
            answer.left.append(_("“%(name)s”刚刚有人办过，现在是“%(state)s”。") % told)
        else:
            _answer(each, ReturnState.MISSING, ReturnActKind.MISSING, by=by, reason=reason)
            answer.done += 1
    return answer


@transaction.atomic
def expect_again(one: Return, *, turn: int, by: User) -> None:
    """A missing one may come after all. Raises ReturnRefused."""
    mine = _mine_to_decide(one, turn)
    if mine.state != ReturnState.MISSING:
        raise ReturnRefused(_("这份月报没有记为缺报。"))
    _answer(mine, ReturnState.TO_FILL, ReturnActKind.EXPECTED, by=by, reason="")


def _mine_to_decide(one: Return, turn: int) -> Return:
    if one.above_id is None:
        raise ReturnRefused(_("最上面一级的月报没有上级来办。"))
    above, [mine] = held(one.above_id, [one.pk])
    require_turn(mine, turn)
    require_place(above)
    return mine


def _answer(
    mine: Return, state: ReturnState, kind: ReturnActKind, *, by: User, reason: str
) -> None:
    mine.state, mine.note = state, reason[:NOTE_MOST]
    mine.turn += 1
    mine.save(update_fields=["state", "note", "turn"])
    ReturnAct.objects.create(
        of=mine, kind=kind, snapshot=mine.snapshot, by=by, reason=reason[:NOTE_MOST]
    )
