"""五个问题 by classroom: what learners knew before it and know after. Of pairs only, so that the
same people stand on both sides; no number under five is told."""

from datetime import datetime

from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.choices import AnsweredWhen
from courses.models import ClassroomPage
from courses.progress.models import FIVE_QUESTIONS, FiveAnswers
from courses.progress.tallies import months_ago
from lms.reports.learning.figures import LEAST_TOLD, share
from lms.reports.learning.tables import told, told_total
from lms.reports.table import Row, Table
from lms.tables import Column, Shape

COLUMNS = (
    Column("classroom", gettext_lazy("课堂"), Shape.WORDS),
    Column("before", gettext_lazy("学之前答过（人）")),
    Column("both", gettext_lazy("前后都答过（人）")),
    Column("knew", gettext_lazy("他们学之前会"), Shape.SHARE),
    Column("know", gettext_lazy("他们现在会"), Shape.SHARE),
)


def five_questions_table(*, months: int) -> Table:
    """A row a classroom. months: this one and so many before it, less one, in which the answers
    were given; of pairs, the later ones. Three queries."""
    begins = timezone.make_aware(datetime.combine(months_ago(months - 1), datetime.min.time()))
    return five_questions_between(begins, None)


def five_questions_between(begins: datetime, ends: datetime | None) -> Table:
    """The same of any time; `ends` None: until now. Three queries."""
    then = Q(answered_at__gte=begins)
    if ends is not None:
        then &= Q(answered_at__lt=ends)
    before, after = (FiveAnswers.objects.filter(when=when) for when in AnsweredWhen)
    answered = dict(before.filter(then).values_list("page").annotate(Count("pk")))
    mine = Q(record__five_answers__page=F("page"), record__five_answers__when=AnsweredWhen.BEFORE)
    pairs = {
        page: sums
        for page, *sums in after.filter(then, mine)
        .values_list("page")
        .annotate(Count("pk"), Sum("record__five_answers__known"), Sum("known"))
    }
    rows = []
    for classroom in ClassroomPage.objects.live():
        both, knew, know = pairs.get(classroom.pk, (0, 0, 0))
        of = both * FIVE_QUESTIONS if both >= LEAST_TOLD else 0
        rows.append(
            Row(
                [
                    classroom.title,
                    told_total(answered.get(classroom.pk, 0)),
                    told(both),
                    share(knew, of),
                    share(know, of),
                ]
            )
        )
    return Table(columns=COLUMNS, rows=rows, remarks=remarks())


def remarks() -> list[str]:
    return [
        _("每个课堂学之前和学完以后问同样的五题，都可以不答。这是会了的占多少，不是谁的分数。"),
        _("不到%d人的不写；百分数和学之前的人数只写到5，免得看出是谁。") % LEAST_TOLD,
    ]
