"""A return is signed and handed in: its figures are frozen."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.reports.standing_out.findings import StandsOut
from lms.returns.choices import ReturnActKind, ReturnState, SignedBy
from lms.returns.errors import ReturnRefused
from lms.returns.figures import Numbers, numbers_now, returns_below
from lms.returns.models import Return, ReturnAct, Snapshot
from lms.returns.services.holding import held, require_place, require_turn
from lms.returns.snapshots import Words, digest_of, write_content
from lms.returns.unusual import needs_explanation, standing_out

NAMED = 3  # units that a refusal names


@transaction.atomic
def submit_return(
    one: Return, *, turn: int, by: User, signed_with: SignedBy, words: Words
) -> Snapshot:
    """Freeze the figures as they are now, with the tree, what stands out and the signer's words.

    `turn` is the one that the signer saw. Raises ReturnRefused when somebody was first, when a
    return below is neither approved nor put down as missing, when the level above has signed
    already, and when what stands out is not explained.
    """
    above, [mine] = held(one.above_id, [one.pk])
    below = returns_below(mine)
    require_signable(mine, turn=turn, above=above, below=below)
    numbers = numbers_now(mine, below)
    found = standing_out(mine, numbers)
    if needs_explanation(mine, found) and not words.explanation:
        raise ReturnRefused(_("有要说明的情况，请写一句是怎么回事，再报。"))
    return _freeze(mine, below, numbers, found, words, by=by, signed_with=signed_with)


def require_signable(
    one: Return, *, turn: int, above: Return | None, below: Sequence[Return]
) -> None:
    """Raises ReturnRefused, but for what the signer has written."""
    require_turn(one, turn)
    require_place(above)
    if not one.is_open:
        raise ReturnRefused(_("这份月报已经报了，不用再报。"))
    require_settled(below)


def require_settled(below: Sequence[Return]) -> None:
    waiting = [each for each in below if not each.is_settled]
    if not waiting:
        return
    names = "、".join(each.unit_name for each in waiting[:NAMED])
    told = {"count": len(waiting), "names": names}
    if len(waiting) > NAMED:
        names_told = _("下面还有%(count)d个单位没有审完，比如%(names)s。") % told
    else:
        names_told = _("下面还有%(count)d个单位没有审完：%(names)s。") % told
    raise ReturnRefused(names_told + _("请先审核，收不上来的记为缺报，再报自己的。"))


def _freeze(
    mine: Return,
    below: Sequence[Return],
    numbers: Numbers,
    found: Sequence[StandsOut],
    words: Words,
    *,
    by: User,
    signed_with: SignedBy,
) -> Snapshot:
    today = timezone.localdate()
    content = write_content(
        mine, below=below, numbers=numbers, found=found, words=words, today=today
    )
    snapshot = Snapshot.objects.create(
        of=mine,
        content=content,
        digest=digest_of(content),
        signed_by=by,
        signed_with=signed_with,
    )
    mine.state, mine.note, mine.snapshot = ReturnState.SUBMITTED, "", snapshot
    mine.submitted_on = mine.submitted_on or today
    mine.turn += 1
    mine.save(update_fields=["state", "note", "snapshot", "submitted_on", "turn"])
    ReturnAct.objects.create(of=mine, kind=ReturnActKind.SUBMITTED, snapshot=snapshot, by=by)
    return snapshot
