"""The top closes a month, and opens it again from there down to one unit."""

import uuid

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.returns.choices import ReturnActKind, ReturnState
from lms.returns.errors import ReturnRefused
from lms.returns.models import NOTE_MOST, Return, ReturnAct
from lms.returns.services.holding import require_turn

BATCH = 1000


@transaction.atomic
def lock_month(top: Return, *, turn: int, by: User) -> int:
    """Lock the topmost return, once signed, and all approved ones below; says how many. Raises
    ReturnRefused. As many queries for 3,000 units as for ten, but for the rows of the log, which
    go in by the thousand."""
    if top.above_id is not None:
        raise ReturnRefused(_("只有最上面一级能汇总锁定。"))
    mine = Return.objects.select_for_update(no_key=True).get(pk=top.pk)
    require_turn(mine, turn)
    if mine.state != ReturnState.SUBMITTED:
        raise ReturnRefused(_("先签名上报，再汇总锁定。"))
    approved = Return.objects.under(mine).filter(state=ReturnState.APPROVED)
    rows = [(mine.pk, mine.snapshot_id), *approved.order_by().values_list("pk", "snapshot")]
    approved.order_by().update(state=ReturnState.LOCKED, turn=F("turn") + 1)
    mine.state, mine.turn = ReturnState.LOCKED, mine.turn + 1
    mine.save(update_fields=["state", "turn"])
    batch = uuid.uuid4()
    acts = [
        ReturnAct(of_id=pk, kind=ReturnActKind.LOCKED, snapshot_id=snapshot, by=by, batch=batch)
        for pk, snapshot in rows
    ]
    ReturnAct.objects.bulk_create(acts, batch_size=BATCH)
    return len(rows)


def closed_trail(one: Return) -> list[Return]:
    """What must be opened so that the unit can change its return: itself and those above it that
    are signed or missing, the topmost first. Empty: it is open. One query."""
    keys = [int(key) for key in one.trail.split("/") if key]
    trail = list(
        Return.objects.filter(month=one.month, unit__in=keys)
        .select_related("unit")
        .order_by("trail")
    )
    first = next((place for place, each in enumerate(trail) if not each.is_open), len(trail))
    return trail[first:]


@transaction.atomic
def unlock_return(one: Return, *, turn: int, by: User, reason: str) -> list[Return]:
    """Open the return and all that stands on it, from the topmost closed one down; each keeps what
    was signed, is told the reason, and has its line in the log. The others stay as they are.
    Returns those opened. Raises ReturnRefused when there is none."""
    keys = [int(key) for key in one.trail.split("/") if key]
    held = Return.objects.select_for_update(no_key=True).filter(month=one.month, unit__in=keys)
    rows = {each.pk: each for each in held.order_by("trail")}
    require_turn(rows[one.pk], turn)
    opened = [rows[each.pk] for each in closed_trail(one)]
    if not opened:
        raise ReturnRefused(_("这份月报没有锁定，可以直接改。"))
    batch = uuid.uuid4()
    for each in opened:
        each.state, each.note, each.turn = ReturnState.SENT_BACK, reason[:NOTE_MOST], each.turn + 1
    Return.objects.bulk_update(opened, ["state", "note", "turn"])
    ReturnAct.objects.bulk_create(
        ReturnAct(
            of=each,
            kind=ReturnActKind.UNLOCKED,
            snapshot_id=each.snapshot_id,
            by=by,
            reason=reason[:NOTE_MOST],
            batch=batch,
        )
        for each in opened
    )
    return opened
