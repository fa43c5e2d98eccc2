"""村居覆盖: in how many villages there was a class, and where there was none."""

from datetime import date

from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.reports.below import address_of, rows_below
from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.statistics.models import DailyRollup
from lms.tables import Column, Shape
from lms.units.choices import Level
from lms.units.models import Unit

COLUMNS = (
    Column("unit", gettext_lazy("单位"), Shape.WORDS),
    Column("villages", gettext_lazy("村居")),
    Column("covered", gettext_lazy("上过课")),
    Column("bare", gettext_lazy("没有上过课")),
    Column("share", gettext_lazy("上过课的占"), Shape.SHARE),
)
VILLAGE_COLUMNS = (
    Column("unit", gettext_lazy("村居"), Shape.WORDS),
    Column("held", gettext_lazy("已上课次")),
    Column("last", gettext_lazy("最近一次课"), Shape.SHORT),
    Column("remark", gettext_lazy("说明"), Shape.REMARK),
)


def coverage(question: Question) -> Table:
    """A village is covered where at least one session was held in the period. Above a street by
    the units below, of a street and a village by villages, those without a class first. Two
    queries and one for the rows."""
    villages = villages_of(question.unit, question.period.ends_on)
    held = held_in(question)
    by_village = question.unit.level in (Level.STREET, Level.VILLAGE)
    table = _village_rows(question, villages, held) if by_village else None
    bare = sum(1 for village in villages if village.pk not in held)
    return Table(
        columns=VILLAGE_COLUMNS if by_village else COLUMNS,
        rows=_unit_rows(question, villages, held) if table is None else table,
        foot=() if by_village else [Row([_("合计"), *_values(len(villages), bare)])],
        remarks=[_("上过课：这段时间至少有一次课结束了点名。看的是那时候有的村居。")],
        sentence=_sentence(question, len(villages), bare),
    )


def villages_of(unit: Unit, day: date) -> list[Unit]:
    """That stood on that day, or stand today where it is still to come."""
    there = Unit.objects.below(unit).filter(level=Level.VILLAGE)
    return list(there.open_on(min(day, timezone.localdate())))


def held_in(question: Question) -> dict[int, tuple[int, date]]:
    """By the village's key how many sessions were held and when the last was; none without."""
    days = DailyRollup.objects.filter(
        unit__path__startswith=question.unit.path,
        unit__level=Level.VILLAGE,
        held__gt=0,
        day__range=(question.period.starts_on, question.period.ends_on),
    )
    rows = days.values_list("unit").annotate(Sum("held"), Max("day")).order_by()
    return {unit: (held, last) for unit, held, last in rows}


def _unit_rows(
    question: Question, villages: list[Unit], held: dict[int, tuple[int, date]]
) -> list[Row]:
    rows = []
    for unit in rows_below(question.unit):
        below = [village for village in villages if village.path.startswith(unit.path)]
        bare = sum(1 for village in below if village.pk not in held)
        rows.append(Row([unit.name, *_values(len(below), bare)], href=address_of(unit, question)))
    return rows


def _values(villages: int, bare: int) -> list[int | float | None]:
    covered = villages - bare
    return [villages, covered, bare, covered / villages if villages else None]


def _village_rows(
    question: Question, villages: list[Unit], held: dict[int, tuple[int, date]]
) -> list[Row]:
    rows = []
    for village in sorted(villages, key=lambda each: (each.pk in held, each.path)):
        times, last = held.get(village.pk, (0, None))
        rows.append(
            Row(
                [
                    village.name,
                    times,
                    last.isoformat() if last else None,
                    None if times else _("没有上过课"),
                ],
                href=address_of(village, question),
            )
        )
    return rows


def _sentence(question: Question, villages: int, bare: int) -> str:
    said = {
        "unit": question.unit.name,
        "period": question.period.label,
        "all": f"{villages:,}",
        "bare": f"{bare:,}",
    }
    if question.unit.level == Level.VILLAGE:
        if bare:
            return _("%(unit)s%(period)s没有上过课。") % said
        return _("%(unit)s%(period)s上过课。") % said
    if not bare:
        return _("%(unit)s%(period)s%(all)s个村居都上过课。") % said
    return _("%(unit)s%(period)s有%(bare)s个村居没有上过课，一共%(all)s个村居。") % said
