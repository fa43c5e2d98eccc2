"""The report 不寻常的地方: of a unit, of those right below it, and of the classes in them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.reports.question import Question
from lms.reports.standing_out.findings import StandsOut, Unusual, what_stands_out
from lms.reports.table import Row, Table
from lms.tables import Column, Shape
from lms.units.models import Unit

ROWS_SHOWN = 500
ROWS_IN_SHORT = 5

COLUMNS = (
    Column("unit", gettext_lazy("单位"), Shape.WORDS),
    Column("kind", gettext_lazy("看什么"), Shape.WORDS),
    Column("sentence", gettext_lazy("说明"), Shape.WORDS),
)


def standing_out(question: Question) -> Table:
    """A row a finding, the heaviest first; where there is none a row that says so."""
    found = found_of(question)
    rows = rows_of(question, found[:ROWS_SHOWN])
    if not rows:
        rows = [Row([question.unit.name, _("没有"), _("没有看到不寻常的地方。")])]
    remarks = [
        _("这些只是提醒去看一看，不是说谁做错了；每一条都可能有好理由。不给谁打分，也不排名次。"),
        _(
            "看的是：连着4周每次都到齐、连着5次课人数一样、超过20人的点名不到60秒、到的人比位子多、"
            "比前六个月的平均多或者少了一半还多、没有上过课。一两个人的上门家教不算到齐。"
        ),
    ]
    if len(found) > ROWS_SHOWN:
        remarks.insert(
            0,
            _("一共有%(count)d处，这里是最要看的%(shown)d处。")
            % {"count": len(found), "shown": ROWS_SHOWN},
        )
    return Table(columns=COLUMNS, rows=rows, remarks=remarks, sentence=in_words(question, found))


def standing_out_in_short(question: Question) -> tuple[int, Table]:
    """How many there are, and the first few."""
    found = found_of(question)
    return len(found), Table(columns=COLUMNS, rows=rows_of(question, found[:ROWS_IN_SHORT]))


def found_of(question: Question) -> list[StandsOut]:
    """Each once: what is told of a class below is told of every unit above it."""
    units = [question.unit, *question.unit.get_children().open()]
    by_unit = what_stands_out(units, question.period)
    once = dict.fromkeys(each for unit in units for each in by_unit[unit.pk])
    return sorted(once, key=lambda each: -each.weight)


def rows_of(question: Question, found: list[StandsOut]) -> list[Row]:
    """One query, for the units' names and codes."""
    units: dict[int, Unit] = Unit.objects.in_bulk({each.unit_id for each in found})
    return [
        Row(
            [units[each.unit_id].name, str(Unusual(each.kind).label), each.sentence],
            href=_address(units[each.unit_id], question),
        )
        for each in found
    ]


def _address(unit: Unit, question: Question) -> str:
    return f"{reverse('reports:unit', args=[unit.code])}?{question.query}"


def in_words(question: Question, found: list[StandsOut]) -> str:
    said = {"unit": question.unit.name, "period": question.period.label, "count": len(found)}
    if not found:
        return _("%(unit)s%(period)s没有看到不寻常的地方。") % said
    return _("%(unit)s%(period)s有%(count)d处可以去看一看。") % said
