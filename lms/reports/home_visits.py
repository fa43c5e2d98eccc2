"""上门家教: visits at home, and how many people they reached."""

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.attendance.choices import COUNTS_AS_PRESENT
from lms.attendance.models import AttendanceRecord
from lms.classes.choices import ClassKind, SessionState
from lms.reports.below import address_of, counted_below, rows_below
from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.statistics.queries import Figures, figures_of, figures_of_children
from lms.tables import Column, Shape, Value
from lms.units.choices import Level
from lms.units.models import Unit

COLUMNS = (
    Column("unit", gettext_lazy("单位"), Shape.WORDS),
    Column("planned", gettext_lazy("要去几次")),
    Column("held", gettext_lazy("去了几次")),
    Column("cancelled", gettext_lazy("取消")),
    Column("attendances", gettext_lazy("人次")),
    Column("people", gettext_lazy("学员（人）")),
)


def home_visits(question: Question) -> Table:
    """The sums are those of the counters; people are counted."""
    begins, ends = question.period.moments()
    came = AttendanceRecord.objects.filter(
        session__class_group__kind=ClassKind.HOME_TUTORING,
        session__starts_at__gte=begins,
        session__starts_at__lt=ends,
        status__in=COUNTS_AS_PRESENT,
    ).exclude(session__state=SessionState.CANCELLED)
    people, all_people = counted_below(
        came,
        question.unit,
        prefix="session__class_group__unit__",
        people=Count("learner", distinct=True),
    )
    whole = figures_of(question.unit, question.period, kind=ClassKind.HOME_TUTORING)
    rows = [
        Row(
            [unit.name, *_values(figures, people.get(unit.path, {"people": 0})["people"])],
            href=address_of(unit, question),
        )
        for unit, figures in _by_unit(question, whole)
    ]
    return Table(
        columns=COLUMNS,
        rows=rows,
        foot=[Row([_("合计"), *_values(whole, all_people["people"])])] if rows else (),
        remarks=[_("上门家教的课次。学员是数出来的，去了几次也只算一个人。")],
        sentence=_sentence(question, whole, all_people["people"]),
    )


def _by_unit(question: Question, whole: Figures) -> list[tuple[Unit, Figures]]:
    if question.unit.level == Level.VILLAGE:
        return [(unit, whole) for unit in rows_below(question.unit)]
    found = figures_of_children(question.unit, question.period, kind=ClassKind.HOME_TUTORING)
    return [(unit, figures) for unit, _name, figures in found]


def _values(figures: Figures, people: int) -> list[Value]:
    """None all along where none was planned."""
    if not figures.is_reported:
        return [None] * (len(COLUMNS) - 1)
    return [figures.planned, figures.held, figures.cancelled, figures.attendances, people]


def _sentence(question: Question, whole: Figures, people: int) -> str:
    said = {"unit": question.unit.name, "period": question.period.label}
    if not whole.is_reported:
        return _("%(unit)s%(period)s没有排上门家教。") % said
    return _("%(unit)s%(period)s上门%(held)s次，教了%(people)s人。") % {
        **said,
        "held": f"{whole.held:,}",
        "people": f"{people:,}",
    }
