"""志愿者帮忙的时间: how many helped, how often, and how long, as teachers noted it at sessions."""

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.classes.choices import SessionState
from lms.classes.models import HelperTime
from lms.reports.below import address_of, counted_below, rows_below
from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.tables import Column, Shape, Value

COLUMNS = (
    Column("unit", gettext_lazy("单位"), Shape.WORDS),
    Column("people", gettext_lazy("帮忙的人")),
    Column("times", gettext_lazy("帮了几次")),
    Column("hours", gettext_lazy("小时"), Shape.DECIMAL),
)


def volunteers(question: Question) -> Table:
    """Three queries."""
    begins, ends = question.period.moments()
    helped = HelperTime.objects.filter(
        session__starts_at__gte=begins, session__starts_at__lt=ends
    ).exclude(session__state=SessionState.CANCELLED)
    by_path, whole = counted_below(
        helped,
        question.unit,
        prefix="session__class_group__unit__",
        people=Count("person", distinct=True),
        times=Count("pk"),
        minutes=Sum("minutes"),
    )
    nobody = {"people": 0, "times": 0, "minutes": 0}
    rows = [
        Row(
            [unit.name, *_values(**by_path.get(unit.path, nobody))],
            href=address_of(unit, question),
        )
        for unit in rows_below(question.unit)
    ]
    return Table(
        columns=COLUMNS,
        rows=rows,
        foot=[Row([_("合计"), *_values(**whole)])] if rows else (),
        remarks=[
            _("时间由老师在每次课的页面上记下；没有记的不算。取消的课不算。"),
            _("帮忙的人是数出来的：一个人在几个单位帮忙，合计里只算一次。"),
        ],
        sentence=_sentence(question, **whole),
    )


def _values(*, people: int, times: int, minutes: int | None) -> list[Value]:
    return [people, times, hours_of(minutes)]


def hours_of(minutes: int | None) -> float:
    """To a tenth."""
    return round((minutes or 0) / 60, 1)


def _sentence(question: Question, *, people: int, times: int, minutes: int | None) -> str:
    said = {"unit": question.unit.name, "period": question.period.label}
    if not people:
        return _("%(unit)s%(period)s没有记过帮忙的时间。") % said
    return _("%(unit)s%(period)s有%(people)s人帮忙%(times)s次，一共%(hours)s小时。") % {
        **said,
        "people": f"{people:,}",
        "times": f"{times:,}",
        "hours": f"{hours_of(minutes):,}".removesuffix(".0"),
    }
