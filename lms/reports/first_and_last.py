"""学前学后: the five questions of each classroom, before it was learnt and after.

What a learner knew stands in a record without name or village, so it is told of the whole city.
"""

from django.utils.translation import gettext as _

from lms.reports.learning.five_questions import five_questions_between
from lms.reports.question import Question
from lms.reports.table import Row, Table


def first_and_last(question: Question) -> Table:
    """Three queries; the same of every unit."""
    table = five_questions_between(*question.period.moments())
    rows = table.rows or [Row([_("还没有课堂"), *[None] * (len(table.columns) - 1)])]
    return Table(
        columns=table.columns,
        rows=rows,
        remarks=[
            _("这是全部学员的，不是哪个单位的：学习本里没有姓名，也没有村居，分不出单位。"),
            *table.remarks,
        ],
        sentence=_sentence(question, table),
    )


def _sentence(question: Question, table: Table) -> str:
    said = {"period": question.period.label}
    pairs = [(row.values[3], row.values[4]) for row in table.rows]
    told = [
        (knew, know) for knew, know in pairs if isinstance(knew, float) and isinstance(know, float)
    ]
    if not told:
        return _("%(period)s前后都答过的人还太少，先不写。") % said
    better = sum(1 for knew, know in told if know > knew)
    return _("%(period)s有%(all)d个课堂前后都有人答过，其中%(better)d个学后会的比学前多。") % {
        **said,
        "all": len(told),
        "better": better,
    }
