"""A village's sessions one by one: where the way down ends, at the session's own page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.choices import Subject
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.reports.counts import REMARK, ROLL_COUNTS, learners_of, roll_counts, when_counted
from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.statistics.queries import Figures, sessions_of
from lms.tables import Column, Shape

COLUMNS = (
    Column("starts_at", gettext_lazy("时间"), Shape.MOMENT),
    Column("class", gettext_lazy("班级"), Shape.WORDS),
    Column("kind", gettext_lazy("形式"), Shape.WORDS),
    Column("subject", gettext_lazy("课堂"), Shape.WORDS),
    Column("state", gettext_lazy("情况"), Shape.WORDS),
    *ROLL_COUNTS,
    REMARK,
)


def sessions_table(question: Question, whole: Figures) -> Table:
    """In the order of time, and at the foot the village's own figures, people counted. A session
    that has not been held has no figures yet, or never will."""
    sessions = sessions_of(
        question.unit, question.period, kind=question.kind, subject=question.subject
    )
    rows = [session_row(session) for session in sessions]
    return Table(columns=COLUMNS, rows=rows, foot=[foot_row(whole)] if rows else ())


def foot_row(whole: Figures) -> Row:
    held = _("应上%(planned)d次，已上%(held)d次") % {"planned": whole.planned, "held": whole.held}
    people = None
    if learners_of(whole) is not None:
        people = _("学员%(count)d人，%(when)s") % {
            "count": whole.learners,
            "when": when_counted(whole),
        }
    return Row([_("合计"), held, "", "", "", *roll_counts(whole), people])


def session_row(session: ClassSession) -> Row:
    figures = session.counters
    subject = Subject(figures.subject).label if figures.subject else None
    return Row(
        [
            session.starts_at,
            session.class_group.title,
            session.class_group.get_kind_display(),
            None if subject is None else str(subject),
            state_of(session),
            *roll_counts(figures),
            session.reason or None,
        ],
        href=reverse("attendance:session", args=[session.pk]),
    )


def state_of(session: ClassSession) -> str:
    if session.state != SessionState.PLANNED:
        return session.get_state_display()
    if session.ends_at > timezone.now():
        return _("还没上")
    return _("点名没结束")
