"""A unit at a glance: its figures, how they stand beside the period before, and month by month."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.reports.attendance import figures_of_question
from lms.reports.counts import (
    LEARNERS,
    ROLL_COUNTS,
    SESSION_COUNTS,
    awaiting,
    counts,
    has_roll,
    learners_of,
    share_of,
    when_counted,
)
from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.statistics.choices import PeriodKind, Tree
from lms.statistics.periods import Period
from lms.statistics.queries import Figures, figures_by_month
from lms.tables import Column, Shape

MONTHS_SHOWN = 12  # beside a single month, to tell whether it is one like others

MONTH_COLUMNS = (
    Column("month", gettext_lazy("月份"), Shape.WORDS),
    *SESSION_COUNTS,
    ROLL_COUNTS[0],
)


@dataclass(frozen=True)
class Headline:
    """One figure, large. `number` None: there is none to tell, and `unit` says why."""

    title: str
    number: int | None
    unit: str
    details: Sequence[str]
    beside: str  # how it stood in the period before

    @property
    def words(self) -> str:
        return f"{self.number:,}"


def headlines(question: Question, now: Figures) -> list[Headline]:
    """Sessions, attendances, learners, and lectures' heads where there are any; none at all where
    nothing was planned."""
    period = question.period
    earlier = figures_of_question(question.but(period=period.previous))
    if not now.is_reported:
        return []

    def beside(number: int | None, before: int | None, unit: str) -> str:
        if not earlier.is_reported:
            return _("%(period)s没有排课") % {"period": period.previous.label}
        return compared(number, before, unit, period)

    marks = [_("请假%(count)s") % {"count": f"{now.excused:,}"}]
    marks.append(_("没到%(count)s") % {"count": f"{now.absences:,}"})
    came = share_of(now)
    if came is not None:
        marks.insert(0, _("出勤率%(share)s") % {"share": f"{came:.1%}"})
    lines = [
        Headline(
            title=_("上课"),
            number=now.held,
            unit=_("次"),
            details=[
                _("应上%(count)s") % {"count": f"{now.planned:,}"},
                _("取消%(count)s") % {"count": f"{now.cancelled:,}"},
                _("未完成%(count)s") % {"count": f"{awaiting(now):,}"},
            ],
            beside=beside(now.held, earlier.held, _("次")),
        ),
        Headline(
            title=_("到课"),
            number=now.attendances if has_roll(now) else None,
            unit=_("人次") if has_roll(now) else _("还没有点名"),
            details=marks if has_roll(now) else [],
            beside=beside(now.attendances, earlier.attendances, _("人次")),
        ),
    ]
    if has_roll(now) and not question.is_filtered:
        lines.append(
            Headline(
                title=_("学员"),
                number=now.learners,
                unit=_("人") if now.learners is not None else _("正在统计"),
                details=[when_counted(now)] if now.learners is not None else [],
                beside=beside(now.learners, earlier.learners, _("人")),
            )
        )
    if now.headcount or earlier.headcount:
        lines.append(
            Headline(
                title=_("公开讲座"),
                number=now.headcount,
                unit=_("人次"),
                details=[],
                beside=beside(now.headcount, earlier.headcount, _("人次")),
            )
        )
    return lines


def compared(number: int | None, before: int | None, unit: str, period: Period) -> str:
    """In words. A period that still runs is set beside the whole one before, not against it;
    `before` None: nobody has counted yet, and nothing is said."""
    if before is None:
        return ""
    said = {"period": period.previous.label, "before": f"{before:,}", "unit": unit}
    if number is None or period.ends_on >= timezone.localdate():
        return _("%(period)s一共%(before)s%(unit)s") % said
    if number == before:
        return _("和%(period)s一样多") % said
    said["difference"] = f"{abs(number - before):,}"
    if number > before:
        return _("比%(period)s多%(difference)s%(unit)s") % said
    return _("比%(period)s少%(difference)s%(unit)s") % said


def months_table(question: Question) -> Table:
    """The months of the period; for a single month, the year that ends with it. No row when none
    of them had a class."""
    months: list[tuple[Period, Figures]] = []
    for period in _periods_shown(question.period):
        months += figures_by_month(
            question.unit, period, kind=question.kind, subject=question.subject
        )
    if question.period.kind == PeriodKind.MONTH:
        months = [each for each in months if each[0].starts_on <= question.period.starts_on]
        months = months[-MONTHS_SHOWN:]
    if not any(figures.is_reported for _month, figures in months):
        months = []
    counted = not question.is_filtered
    is_past = months and question.tree == Tree.THEN
    return Table(
        columns=[*MONTH_COLUMNS, *([LEARNERS] if counted else [])],
        rows=[
            Row(
                [
                    month.label,
                    *counts(figures)[: len(MONTH_COLUMNS) - 1],
                    *([learners_of(figures)] if counted else []),
                ]
            )
            for month, figures in months
        ],
        remarks=[_("逐月的数字总是按现在的上下级。")] if is_past else (),
    )


def _periods_shown(period: Period) -> list[Period]:
    if period.kind != PeriodKind.MONTH:
        return [period]
    year = Period.of(PeriodKind.YEAR, period.starts_on)
    return [year.previous, year]
