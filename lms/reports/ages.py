"""学员年龄: of those who came, how many are of which age, as far as the year of birth is known.

Numbers under five are not told, and all others to the nearest five, so that nobody is reckoned out
of them, nor out of the same table of the units below.
"""

from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.reports.learning.figures import LEAST_TOLD, share
from lms.reports.learning.tables import told_total
from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.statistics.models import DistinctLearner
from lms.tables import Column, Shape
from lms.units.models import path_below

#: The first year of each band, but the youngest; the last goes on for good.
BAND_BEGINS = (60, 65, 70, 75, 80)

COLUMNS = (
    Column("band", gettext_lazy("年龄"), Shape.WORDS),
    Column("learners", gettext_lazy("学员（人）")),
    Column("share", gettext_lazy("占"), Shape.SHARE),
)


def ages(question: Question) -> Table:
    """One query. Who is how old in the last year of the period."""
    period = question.period
    came = DistinctLearner.objects.filter(
        path_below(question.unit, prefix="village__"),
        period_kind=period.kind,
        starts_on=period.starts_on,
    )
    years = came.values_list("learner__birth_year").annotate(Count("learner", distinct=True))
    counted: Counter[int | None] = Counter()
    for born, learners in years.order_by():
        counted[None if born is None else band_of(period.ends_on.year - born)] += learners
    whole = counted.total()
    bands: list[int | None] = [*range(len(BAND_BEGINS) + 1), None]
    return Table(
        columns=COLUMNS,
        rows=[
            Row(
                [
                    band_label(band),
                    told_total(counted[band]),
                    share(counted[band], whole)
                    if counted[band] == 0 or counted[band] >= LEAST_TOLD
                    else None,
                ]
            )
            for band in bands
        ],
        remarks=[
            _("年龄按出生年份算，出生年份可以不写。不到%d人的不写，别的只写到5，免得看出是谁。")
            % LEAST_TOLD,
            _("没有按男女分的数字：名册里不登记男女，系统也就不知道。"),
        ],
        sentence=_sentence(question, counted, whole),
    )


def band_of(age: int) -> int:
    """Its number, from 0 for the youngest."""
    return sum(1 for begins in BAND_BEGINS if age >= begins)


def band_label(band: int | None) -> str:
    """None: no year of birth is written down."""
    if band is None:
        return _("没有写出生年份")
    if band == 0:
        return _("不到%d岁") % BAND_BEGINS[0]
    if band == len(BAND_BEGINS):
        return _("%d岁以上") % BAND_BEGINS[-1]
    return _("%(from)d到%(to)d岁") % {"from": BAND_BEGINS[band - 1], "to": BAND_BEGINS[band] - 1}


def _sentence(question: Question, counted: Counter[int | None], whole: int) -> str:
    said = {"unit": question.unit.name, "period": question.period.label, "least": LEAST_TOLD}
    known = [band for band in counted if band is not None and counted[band] >= LEAST_TOLD]
    if not known:
        return _("%(unit)s%(period)s写了出生年份的学员太少，不到%(least)d人的不写。") % said
    most = max(known, key=lambda band: (counted[band], -band))
    part = share(counted[most], whole) or 0
    return _("%(unit)s%(period)s来得最多的是%(band)s的人，大约占%(share)s。") % {
        **said,
        "band": band_label(most),
        "share": f"{part:.0%}",
    }
