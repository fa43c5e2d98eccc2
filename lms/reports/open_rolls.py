"""The rolls that nobody has closed: an officer's daily work."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.tables import Column, Shape
from lms.units.models import Unit, path_below
from lms.units.queries import trails_of

#: A table shows no more than this, the oldest first; who has more of them needs no longer list.
ROWS_SHOWN = 500
ROWS_IN_SHORT = 5

COLUMNS = (
    Column("starts_at", gettext_lazy("时间"), Shape.MOMENT),
    Column("class", gettext_lazy("班级"), Shape.WORDS),
    Column("unit", gettext_lazy("村居"), Shape.WORDS),
    Column("teachers", gettext_lazy("教师"), Shape.WORDS),
    Column("days", gettext_lazy("过了几天")),
)


def sessions_not_closed(question: Question) -> QuerySet[ClassSession]:
    """Of the period, over but not closed, the oldest first, wherever they stand in today's tree."""
    begins, ends = question.period.moments()
    sessions = ClassSession.objects.filter(
        path_below(question.unit, prefix="class_group__unit__"),
        state=SessionState.PLANNED,
        starts_at__gte=begins,
        starts_at__lt=ends,
        ends_at__lt=timezone.now(),
    )
    if question.kind:
        sessions = sessions.filter(class_group__kind=question.kind)
    if question.subject:
        sessions = sessions.filter(class_group__classroom__subject=question.subject)
    return sessions.order_by("starts_at", "pk")


def open_rolls(question: Question) -> Table:
    found = sessions_not_closed(question)
    shown = list(
        found.select_related("class_group__unit").prefetch_related("class_group__teachers")[
            : ROWS_SHOWN + 1
        ]
    )
    remarks = []
    if len(shown) > ROWS_SHOWN:
        remarks.append(
            _("一共有%(count)d次，这里是最早的%(shown)d次。")
            % {"count": found.count(), "shown": ROWS_SHOWN}
        )
    rows = rows_of(shown[:ROWS_SHOWN], under=question.unit)
    return Table(columns=COLUMNS, rows=rows, remarks=remarks)


def open_rolls_in_short(question: Question) -> tuple[int, Table]:
    """How many there are, and the first few."""
    found = sessions_not_closed(question)
    first = found.select_related("class_group__unit").prefetch_related("class_group__teachers")
    return found.count(), Table(
        columns=COLUMNS, rows=rows_of(list(first[:ROWS_IN_SHORT]), under=question.unit)
    )


def rows_of(sessions: list[ClassSession], *, under: Unit) -> list[Row]:
    """Of sessions with class, unit and teachers at hand. One query, for where the units stand."""
    units = {session.class_group.unit for session in sessions}
    places = names_below(under, units)
    today = timezone.localdate()
    return [
        Row(
            [
                session.starts_at,
                session.class_group.title,
                places[session.class_group.unit],
                "、".join(
                    teacher.get_full_name() or teacher.get_username()
                    for teacher in session.class_group.teachers.all()
                ),
                (today - timezone.localdate(session.starts_at)).days,
            ],
            href=reverse("attendance:session", args=[session.pk]),
        )
        for session in sessions
    ]


def names_below(top: Unit, units: Collection[Unit]) -> dict[Unit, str]:
    """The names from right below `top` down to each unit; the unit's own where it is `top`."""
    trails = trails_of([top, *units])
    whole = {unit: [trails[unit.path], unit.name] for unit in (top, *units)}
    names = {unit: " › ".join(filter(None, parts)) for unit, parts in whole.items()}
    return {unit: names[unit].removeprefix(f"{names[top]} › ") for unit in units if unit != top} | {
        top: top.name
    }
