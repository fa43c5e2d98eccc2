"""The attendance report: what each unit below held, who came, and whom that reached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.choices import Subject
from lms.classes.choices import ClassKind
from lms.reports.choices import Split
from lms.reports.counts import (
    LEARNERS,
    REMARK,
    ROLL_COUNTS,
    SESSION_COUNTS,
    counts,
    has_roll,
    learners_of,
    when_counted,
)
from lms.reports.question import Question
from lms.reports.sessions import sessions_table
from lms.reports.table import Row, Table
from lms.statistics.queries import Figures, figures_of, figures_of_children
from lms.tables import Column, Shape, Value
from lms.units.choices import Level
from lms.units.models import Unit

SPLIT_HEADINGS = {
    Split.MONTH: gettext_lazy("月份"),
    Split.KIND: gettext_lazy("形式"),
    Split.SUBJECT: gettext_lazy("课堂"),
}


@dataclass(frozen=True)
class Part:
    """One of those into which the figures are divided, and what is asked to have it."""

    label: str
    question: Question


def attendance(question: Question) -> Table:
    return attendance_of(question, figures_of_question(question))


def attendance_of(question: Question, whole: Figures) -> Table:
    """Rows of the units right below; of a village, its sessions, or its parts when it is split.
    `whole` is what figures_of_question gives."""
    if shows_sessions(question.unit) and question.split == Split.NONE:
        return sessions_table(question, whole)
    return units_table(question, whole)


def shows_sessions(unit: Unit) -> bool:
    return unit.level == Level.VILLAGE


# --- Units ------------------------------------------------------------------------------------


def units_table(question: Question, whole: Figures) -> Table:
    """Each unit below by each part that has anything, then the unit itself by the same."""
    parts = parts_of(question)
    counted = all(not part.question.is_filtered for part in parts)
    first = [Column("unit", gettext_lazy("单位"), Shape.WORDS)]
    if question.split != Split.NONE:
        first.append(Column("part", SPLIT_HEADINGS[question.split], Shape.WORDS))

    def row(name: str, label: str, figures: Figures, unit: Unit | None = None) -> Row:
        values: list[Value] = [name]
        if question.split != Split.NONE:
            values.append(label)
        values += counts(figures)
        if counted:
            values.append(learners_of(figures))
        values.append(remark_on(figures, unit, question, counted=counted))
        return Row(values, href=address_of(unit, question) if unit else "")

    by_part = []
    if question.split != Split.NONE:
        by_part = [(part.label, figures_of_question(part.question)) for part in parts]
        by_part = [(label, figures) for label, figures in by_part if figures.is_reported]
    if shows_sessions(question.unit):
        rows = [row(question.unit.name, label, figures) for label, figures in by_part]
        foot = []
    else:
        rows = [row(name, label, figures, unit) for unit, name, label, figures in _below(parts)]
        foot = [row(_("合计"), label, figures) for label, figures in by_part]
    return Table(
        columns=[*first, *SESSION_COUNTS, *ROLL_COUNTS, *([LEARNERS] if counted else []), REMARK],
        rows=rows,
        foot=[*foot, row(_("合计"), "", whole)] if rows else (),
        remarks=remarks(question, whole, counted=counted),
    )


def address_of(unit: Unit, question: Question) -> str:
    """Of its page; blank for one that has moved elsewhere since, which is others' to show."""
    if not unit.path.startswith(question.unit.path):
        return ""
    return f"{reverse('reports:unit', args=[unit.code])}?{question.but(split=Split.NONE).query}"


def parts_of(question: Question) -> list[Part]:
    """One without a label when it is not split."""
    match question.split:
        case Split.MONTH:
            return [
                Part(month.label, question.but(period=month)) for month in question.period.months()
            ]
        case Split.KIND:
            kinds = [kind for kind in ClassKind if question.kind in (None, kind)]
            return [Part(str(kind.label), question.but(kind=kind)) for kind in kinds]
        case Split.SUBJECT:
            subjects = [subject for subject in Subject if question.subject in (None, subject)]
            in_one = [Part(str(each.label), question.but(subject=each)) for each in subjects]
            in_none = [Part(_("没有定课堂"), question.but(subject=""))]
            return in_one + (in_none if question.subject is None else [])
        case Split.NONE:
            return [Part("", question)]
    assert_never(question.split)


def _below(parts: Sequence[Part]) -> Iterator[tuple[Unit, str, str, Figures]]:
    """Each unit below, its name and its figures by part; parts with no class at all are left out
    unless the unit has no other."""
    names: dict[Unit, str] = {}
    by_unit: dict[Unit, list[tuple[str, Figures]]] = {}
    for part in parts:
        for unit, name, figures in figures_of_children_by(part.question):
            names.setdefault(unit, name)
            by_unit.setdefault(unit, []).append((part.label, figures))
    for unit, figures_by_part in by_unit.items():
        reported = [each for each in figures_by_part if each[1].is_reported]
        for label, figures in reported or [("", figures_by_part[0][1])]:
            yield unit, names[unit], label, figures


def figures_of_question(question: Question) -> Figures:
    return figures_of(question.unit, question.period, **_conditions(question))


def figures_of_children_by(question: Question) -> list[tuple[Unit, str, Figures]]:
    return figures_of_children(question.unit, question.period, **_conditions(question))


def _conditions(question: Question) -> dict[str, Any]:
    return {"tree": question.tree, "kind": question.kind, "subject": question.subject}


def remark_on(
    figures: Figures, unit: Unit | None, question: Question, *, counted: bool
) -> str | None:
    said = []
    if unit is not None and unit.closed_on is not None:
        said.append(_("%(day)s撤销") % {"day": unit.closed_on.isoformat()})
    if unit is not None and not unit.path.startswith(question.unit.path):
        said.append(_("后来归了别的单位"))
    if not figures.is_reported:
        said.append(_("没有排课"))
    elif counted and has_roll(figures) and figures.counted_at is None:
        said.append(_("人数正在统计"))
    return "；".join(said) or None


def remarks(question: Question, whole: Figures, *, counted: bool) -> list[str]:
    """What whoever reads the table should know of it."""
    said = [
        _("未完成：还没上，或者上了还没有结束点名。出勤率：到的人次除以到、请假、没到的人次之和。")
    ]
    if not counted:
        said.append(_("按形式或课堂看的时候没有学员人数：一个人可以上几种课。"))
    elif has_roll(whole):
        said.append(
            _("学员人数是数出来的，不是各行相加：一个人在几个单位上课，合计里只算一次。%(when)s。")
            % {"when": when_counted(whole)}
        )
    return said
