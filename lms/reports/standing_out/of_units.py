"""What stands out in a unit as a whole: far more or fewer who came than before, and no class."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import F, Max, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.reports.standing_out.choices import StandsOut, Unusual, weight_of
from lms.reports.standing_out.covering import within
from lms.statistics.choices import PeriodKind
from lms.statistics.models import DailyRollup
from lms.statistics.periods import Period
from lms.units.choices import Level
from lms.units.models import Unit

MONTHS_BEFORE = 6
#: Of the six months, so many must have had a class, and so many must have come in one of them, or
#: there is nothing to compare with.
MONTHS_NEEDED = 3
LEAST_MEAN = 20
JUMPS_BY = 0.5
#: More units than these are not named to the database one by one.
UNITS_NAMED = 500
WEEKS_WITHOUT = timedelta(weeks=6)


# --- Far more, far fewer ----------------------------------------------------------------------


def jumps(units: Sequence[Unit], period: Period) -> Iterator[StandsOut]:
    """Of these units themselves, with all below them: who came in a month of the period against
    the mean of the six months before. While it runs only more is told: the rest may still come.
    One query."""
    before = _months_before(period, MONTHS_BEFORE)
    came: dict[int, dict[date, int]] = defaultdict(dict)
    few = len(units) <= UNITS_NAMED
    these = Q(unit__in=[unit.pk for unit in units]) if few else within(units, prefix="unit__")
    days = DailyRollup.objects.filter(these, day__range=(before[0].starts_on, period.ends_on))
    sums = days.annotate(month=TruncMonth("day")).values_list("unit", "month")
    for unit, month, planned, number in sums.annotate(
        Sum("planned"), number=Sum(F("attendances") + F("headcount"))
    ).order_by():
        if planned:
            came[unit][month] = number
    for unit in units:
        yield from _jump_of(unit, came[unit.pk], before, period)


def _jump_of(
    unit: Unit, came: Mapping[date, int], before: Sequence[Period], period: Period
) -> Iterator[StandsOut]:
    earlier = [came[month.starts_on] for month in before if month.starts_on in came]
    months = [month for month in period.months() if month.starts_on <= timezone.localdate()]
    if len(earlier) < MONTHS_NEEDED or not months:
        return
    mean = sum(earlier) / len(earlier)
    now = sum(came.get(month.starts_on, 0) for month in months) / len(months)
    still_runs = period.ends_on >= timezone.localdate()
    if mean < LEAST_MEAN or abs(now - mean) <= JUMPS_BY * mean or (still_runs and now < mean):
        return
    said = {"unit": unit.name, "now": f"{now:,.0f}", "mean": f"{mean:,.0f}"}
    if now > mean:
        sentence = _(
            "%(unit)s这段时间每月来%(now)s人次，前六个月平均%(mean)s人次，多了一半还多。"
            "也许开了新班、办了讲座；请看一看是哪几次课。"
        )
    else:
        sentence = _(
            "%(unit)s这段时间每月来%(now)s人次，前六个月平均%(mean)s人次，少了一半还多。"
            "也许放假、停课；请问一问要不要帮忙。"
        )
    yield StandsOut(Unusual.JUMP, unit.pk, sentence % said, weight_of(Unusual.JUMP))


def _months_before(period: Period, count: int) -> list[Period]:
    """The earliest first."""
    month = Period.of(PeriodKind.MONTH, period.starts_on)
    found: list[Period] = []
    for _number in range(count):
        month = month.previous
        found.insert(0, month)
    return found


# --- No class ---------------------------------------------------------------------------------


def without_class(units: Sequence[Unit], period: Period) -> Iterator[tuple[Unit, StandsOut]]:
    """Each of these units, and what is said of it: a village that held nothing, or nothing for six
    weeks; of any other how many of its villages did so. A period that runs is looked at until
    today. Two queries."""
    last_day = min(period.ends_on, timezone.localdate())
    first_of_six = last_day - WEEKS_WITHOUT + timedelta(days=1)
    if last_day < period.starts_on:
        return
    there = Unit.objects.filter(within(units), level=Level.VILLAGE).open_on(last_day)
    there = there.filter(
        Q(opened_on__isnull=True) | Q(opened_on__lte=min(period.starts_on, first_of_six))
    )
    villages = list(there)
    held = DailyRollup.objects.filter(
        within(units, prefix="unit__"),
        unit__level=Level.VILLAGE,
        held__gt=0,
        day__range=(min(period.starts_on, first_of_six), last_day),
    )
    last = dict(held.values_list("unit").annotate(Max("day")).order_by())
    idle = {
        village.path: _silence(last.get(village.pk), period, last_day, first_of_six)
        for village in villages
    }
    for unit in units:
        yield from _silence_of(unit, idle)


def _silence(
    last: date | None, period: Period, last_day: date, first_of_six: date
) -> Unusual | None:
    is_over = period.ends_on <= last_day
    if is_over and (last is None or last < period.starts_on):
        return Unusual.NOTHING_HELD
    if last is None or last < first_of_six:
        return Unusual.SIX_WEEKS
    return None


def _silence_of(unit: Unit, idle: Mapping[str, Unusual | None]) -> Iterator[tuple[Unit, StandsOut]]:
    if unit.level == Level.VILLAGE:
        kind = idle.get(unit.path)
        if kind == Unusual.NOTHING_HELD:
            said = _("%(unit)s这段时间没有上过课。也许没有老师，也许没有地方；请问一问缺什么。")
        elif kind == Unusual.SIX_WEEKS:
            said = _("%(unit)s六个星期没有上过课。也许放假；请问一问什么时候再开。")
        else:
            return
        sentence = said % {"unit": unit.name}
        yield unit, StandsOut(kind, unit.pk, sentence, weight_of(kind))
        return
    below = [kind for path, kind in idle.items() if path.startswith(unit.path)]
    for kind, said in (
        (
            Unusual.NOTHING_HELD,
            _("%(unit)s有%(count)d个村居这段时间没有上过课，一共%(all)d个村居。"),
        ),
        (
            Unusual.SIX_WEEKS,
            _("%(unit)s有%(count)d个村居六个星期没有上过课，一共%(all)d个村居。"),
        ),
    ):
        if count := below.count(kind):
            sentence = said % {"unit": unit.name, "count": count, "all": len(below)}
            yield unit, StandsOut(kind, unit.pk, sentence, weight_of(kind, count))
