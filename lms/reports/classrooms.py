"""四个课堂的比例: of what was taught, how much belongs to which of the four classrooms."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.statistics.queries import Figures, figures_by_subject
from lms.tables import Column, Shape

COLUMNS = (
    Column("classroom", gettext_lazy("课堂"), Shape.WORDS),
    Column("held", gettext_lazy("已上课次")),
    Column("share", gettext_lazy("课次占"), Shape.SHARE),
    Column("came", gettext_lazy("到的人次")),
    Column("share_came", gettext_lazy("人次占"), Shape.SHARE),
)


def classrooms(question: Question) -> Table:
    """By the classroom of the class; classes that have none stand in a row of their own."""
    found = figures_by_subject(question.unit, question.period)
    held = sum(figures.held for _subject, figures in found)
    came = sum(came_to(figures) for _subject, figures in found)
    rows = [
        Row(
            [
                str(subject.label) if subject else _("没有定课堂"),
                figures.held,
                figures.held / held if held else None,
                came_to(figures),
                came_to(figures) / came if came else None,
            ]
        )
        for subject, figures in found
    ]
    return Table(
        columns=COLUMNS,
        rows=rows,
        foot=[Row([_("合计"), held, 1.0 if held else None, came, 1.0 if came else None])],
        remarks=[_("按班级定的课堂算，不是按哪一课。人次里有讲座的人数。")],
        sentence=_sentence(question, found, held),
    )


def came_to(figures: Figures) -> int:
    return figures.attendances + figures.headcount


def _sentence(question: Question, found: Sequence[tuple[object, Figures]], held: int) -> str:
    said = {"unit": question.unit.name, "period": question.period.label, "held": f"{held:,}"}
    if not held:
        return _("%(unit)s%(period)s还没有上过课。") % said
    taught = [each.held for subject, each in found if subject]
    if not all(taught):
        said["count"] = str(taught.count(0))
        return _("%(unit)s%(period)s上了%(held)s次课，四个课堂里还有%(count)s个没有上过。") % said
    return _("%(unit)s%(period)s上了%(held)s次课，四个课堂都上过。") % said
