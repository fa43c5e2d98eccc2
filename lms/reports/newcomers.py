"""新学员和老学员: who came for the first time in the period, and who had come before."""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.reports.below import address_of, counted_below, rows_below
from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.statistics.choices import PeriodKind
from lms.statistics.models import DistinctLearner
from lms.tables import Column, Shape, Value

COLUMNS = (
    Column("unit", gettext_lazy("单位"), Shape.WORDS),
    Column("learners", gettext_lazy("学员（人）")),
    Column("new", gettext_lazy("新学员")),
    Column("returning", gettext_lazy("老学员")),
    Column("share", gettext_lazy("新学员占"), Shape.SHARE),
)


def newcomers(question: Question) -> Table:
    """People are counted by each unit anew, and once in all. Three queries."""
    period = question.period
    before = DistinctLearner.objects.filter(
        learner=OuterRef("learner"), period_kind=PeriodKind.MONTH, starts_on__lt=period.starts_on
    )
    came = DistinctLearner.objects.filter(
        period_kind=period.kind, starts_on=period.starts_on
    ).annotate(was_here=Exists(before))
    by_path, whole = counted_below(
        came,
        question.unit,
        prefix="village__",
        learners=Count("learner", distinct=True),
        new=Count("learner", distinct=True, filter=Q(was_here=False)),
    )
    rows = [
        Row(
            [unit.name, *_values(**by_path.get(unit.path, {"learners": 0, "new": 0}))],
            href=address_of(unit, question),
        )
        for unit in rows_below(question.unit)
    ]
    return Table(
        columns=COLUMNS,
        rows=rows,
        foot=[Row([_("合计"), *_values(**whole)])] if rows else (),
        remarks=[
            _("新学员：这段时间第一次来上课，以前在哪里都没有来过。老学员：以前来过，这次又来了。"),
            _("人数是数出来的，不是各行相加：一个人在几个单位上课，合计里只算一次。"),
        ],
        sentence=_sentence(question, **whole),
    )


def _values(*, learners: int, new: int) -> list[Value]:
    return [learners, new, learners - new, new / learners if learners else None]


def _sentence(question: Question, *, learners: int, new: int) -> str:
    said = {"unit": question.unit.name, "period": question.period.label}
    if not learners:
        return _("%(unit)s%(period)s还没有人来上课，或者正在统计。") % said
    return _("%(unit)s%(period)s来了%(all)s人：%(new)s人是第一次来，%(old)s人以前来过。") % {
        **said,
        "all": f"{learners:,}",
        "new": f"{new:,}",
        "old": f"{learners - new:,}",
    }
