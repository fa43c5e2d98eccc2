"""What stands out in a return, each in a sentence that asks and accuses nobody.

What returns themselves know is found here; what the rolls show, lms/reports/standing_out.
"""

from collections.abc import Sequence
from statistics import mean

from django.db.models import F
from django.utils.translation import gettext as _

from lms.reports.standing_out.findings import StandsOut, what_stands_out
from lms.returns.choices import ReturnActKind
from lms.returns.figures import Numbers
from lms.returns.models import Return, ReturnAct, Snapshot

MONTHS_COMPARED = 6
MONTHS_LEAST = 3  # of signed ones: of fewer a mean says little
CAME_LEAST = 20  # 人次: below it a few people are a large share
SECONDS_LOOKED = 10  # in which nobody has read a return
SHOWN_MOST = 20  # sentences that a snapshot keeps, the heaviest first


def standing_out(one: Return, numbers: Numbers) -> list[StandsOut]:
    """The heaviest first. Eight queries."""
    found = what_returns_know(one, numbers)
    told = {(each.unit_id, each.kind) for each in found}
    of_rolls = what_stands_out([one.unit], one.period)[one.unit_id]
    found += [each for each in of_rolls if (each.unit_id, each.kind) not in told]
    return sorted(found, key=lambda each: -each.weight)


def needs_explanation(one: Return, found: Sequence[StandsOut]) -> bool:
    """Whether something stands out at the unit itself; what does below was explained there."""
    return any(each.unit_id == one.unit_id for each in found)


def what_returns_know(one: Return, numbers: Numbers) -> list[StandsOut]:
    """Two queries."""
    found = [_nothing_held(one, numbers), _jump(one, numbers), _quick_approvals(one)]
    return [each for each in found if each]


def _nothing_held(one: Return, numbers: Numbers) -> StandsOut | None:
    if numbers.held:
        return None
    if numbers.planned:
        told = _("应上%(planned)d次课，一次也没有上完点名。") % {"planned": numbers.planned}
    else:
        told = _("这个月没有排课，也没有上课。")
    return StandsOut("nothing_held", one.unit_id, told, 60)


def _jump(one: Return, numbers: Numbers) -> StandsOut | None:
    """By more than half against the mean of what was signed in the last six months."""
    before = [
        Numbers.signed(snapshot.told).came for snapshot in earlier_snapshots(one, MONTHS_COMPARED)
    ]
    if len(before) < MONTHS_LEAST:
        return None
    usual = mean(before)
    if max(usual, numbers.came) < CAME_LEAST or abs(numbers.came - usual) * 2 <= usual:
        return None
    told = {"came": numbers.came, "usual": round(usual), "months": len(before)}
    if numbers.came > usual:
        sentence = _("来了%(came)d人次，前%(months)d个月平均%(usual)d人次，多了一半以上。") % told
    else:
        sentence = _("来了%(came)d人次，前%(months)d个月平均%(usual)d人次，少了一半以上。") % told
    return StandsOut("jump", one.unit_id, sentence, 80)


def earlier_snapshots(one: Return, months: int) -> list[Snapshot]:
    """What is signed of the unit's months right before, the latest first. One query."""
    first = one.period
    for _month in range(months):
        first = first.previous
    earlier = Return.objects.filter(
        unit=one.unit_id, month__lt=one.month, month__gte=first.starts_on, snapshot__isnull=False
    )
    rows = earlier.select_related("snapshot").order_by("-month")
    return [each.snapshot for each in rows if each.snapshot is not None]


def _quick_approvals(one: Return) -> StandsOut | None:
    """Of the returns right below, as they are signed now."""
    quick = ReturnAct.objects.filter(
        of__above=one,
        kind=ReturnActKind.APPROVED,
        snapshot=F("of__snapshot"),
        open_for__lt=SECONDS_LOOKED,
    ).count()
    if not quick:
        return None
    told = _("下面有%(count)d份月报，页面打开不到%(seconds)d秒就审核通过了。")
    words = told % {"count": quick, "seconds": SECONDS_LOOKED}
    return StandsOut("approved_quickly", one.unit_id, words, 50)
