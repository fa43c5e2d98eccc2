"""Reads: what the five faces say of a unit, by question and by the units below."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.evaluation.choices import Face, FaceQuestion
from lms.evaluation.models import answers_below
from lms.evaluation.small_cells import LEAST_TOLD
from lms.reports.learning.figures import share
from lms.reports.learning.tables import told, told_total
from lms.reports.table import Row, Table
from lms.statistics.periods import Period
from lms.tables import Column, Shape, Value
from lms.units.choices import Level
from lms.units.models import Unit

QUESTION_COLUMNS = (
    Column("question", gettext_lazy("问题"), Shape.WORDS),
    Column("answers", gettext_lazy("答了（次）")),
    *[Column(f"face_{face.value}", face.label, Shape.SHARE) for face in Face],
)
UNIT_COLUMNS = (
    Column("unit", gettext_lazy("单位"), Shape.WORDS),
    Column("answers", gettext_lazy("答了（次）")),
    Column("good", gettext_lazy("好和很好"), Shape.SHARE),
)
#: Faces that say yes.
CONTENT = (Face.GOOD, Face.VERY_GOOD)


@dataclass(frozen=True)
class FaceResults:
    questions: Table
    #: Of the units right below; None for a village.
    units: Table | None
    sentence: str


def results_of(unit: Unit, period: Period) -> FaceResults:
    """Shares to the nearest twentieth and none of fewer than five, so that nobody is told of."""
    answers = answers_below(unit).filter(month__range=(period.starts_on, period.ends_on))
    counted = {
        (question, face): times
        for question, face, times in answers.values_list("question", "face")
        .annotate(Sum("times"))
        .order_by()
    }
    rows = []
    for question in FaceQuestion:
        of_faces = [counted.get((question, face), 0) for face in Face]
        rows.append(_question_row(question, of_faces))
    overall = [counted.get((FaceQuestion.OVERALL, face), 0) for face in Face]
    return FaceResults(
        questions=Table(columns=QUESTION_COLUMNS, rows=rows, remarks=remarks()),
        units=None if unit.level == Level.VILLAGE else _units_table(unit, period),
        sentence=_sentence(unit, period, overall),
    )


def _question_row(question: FaceQuestion, of_faces: Sequence[int]) -> Row:
    whole = sum(of_faces)
    shares: list[Value] = [share(times, whole) for times in of_faces]
    return Row([str(question.label), _told(whole), *shares])


def _told(whole: int) -> Value:
    return told(whole) if whole < LEAST_TOLD else told_total(whole)


def _units_table(unit: Unit, period: Period) -> Table:
    """By the question about the whole."""
    answers = answers_below(unit).filter(
        month__range=(period.starts_on, period.ends_on), question=FaceQuestion.OVERALL
    )
    length = len(unit.path) + Unit.steplen
    found: dict[str, list[int]] = {}
    sums = answers.annotate(below=Substr("unit__path", 1, length)).values_list("below", "face")
    for path, face, times in sums.annotate(Sum("times")).order_by():
        both = found.setdefault(path, [0, 0])
        both[0] += times
        both[1] += times if face in CONTENT else 0
    rows = []
    for child in unit.get_children().open():
        whole, good = found.get(child.path, [0, 0])
        rows.append(Row([child.name, _told(whole), share(good, whole)], href=f"../{child.code}/"))
    return Table(columns=UNIT_COLUMNS, rows=rows)


def _sentence(unit: Unit, period: Period, overall: Sequence[int]) -> str:
    whole = sum(overall)
    said = {"unit": unit.name, "period": period.label}
    good = share(overall[Face.GOOD - 1] + overall[Face.VERY_GOOD - 1], whole)
    if good is None:
        return _("%(unit)s%(period)s答的还不到5次，先不写。") % said
    return _("%(unit)s%(period)s答了大约%(whole)s次，%(share)s说好或者很好。") % {
        **said,
        "whole": told_total(whole),
        "share": f"{good:.0%}",
    }


def remarks() -> list[str]:
    return [
        _("不记是谁答的，只记哪个村居、哪个月。一台电视、一部手机一天只算一次。"),
        _("不到%d次的不写，别的只写到5，免得看出是谁。") % LEAST_TOLD,
    ]
