"""Learners as files that spreadsheets open: of a class, of the directory, and how they came.

By `ending`, which is csv or xlsx; Http404 for any other.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.attendance.queries import attendance_grid
from lms.attendance.views.learners import LEARNERS_IN_A_FILE, chosen
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.views.access import class_seen
from lms.people.choices import Looked
from lms.people.models import Learner
from lms.people.services.looks import note_look
from lms.tables import (
    CONTENT_TYPES,
    CSV,
    Column,
    Shape,
    Sheet,
    Value,
    as_download,
    write_csv,
    write_xlsx,
)


@require_safe
@for_staff
def class_file(request: SignedInRequest, pk: int, ending: str) -> HttpResponse:
    """Who is in the class, waits for a place, or left; a row each time that somebody enrolled."""
    class_group = class_seen(request.user, pk)
    keeps = ClassGroup.objects.changeable_by(request.user).filter(pk=class_group.pk).exists()
    enrolments = class_group.enrolments.filter(learner__erased_at__isnull=True)
    enrolments = enrolments.select_related("learner__unit").order_by("learner__sort_key", "pk")
    columns = [
        *_who(),
        Column("state", _("情况"), Shape.SHORT),
        Column("joined", _("进班日期"), Shape.SHORT),
        Column("left", _("退出日期"), Shape.SHORT),
    ]
    rows = [
        [
            *_of_learner(each.learner, with_year=keeps),
            each.get_state_display(),
            _day(each.joined_at),
            _day(each.left_at),
        ]
        for each in enrolments
    ]
    title = _("%(name)s的学员") % {"name": class_group}
    file = _file(title, columns, rows, ending)
    note_file(request.user, Looked.CLASS, class_group, rows)
    return file


@require_safe
@for_staff
def grid_file(request: SignedInRequest, pk: int, ending: str) -> HttpResponse:
    """How everybody of the class came to each session; Http404 for lectures, which call no
    names."""
    class_group = class_seen(request.user, pk)
    if class_group.is_lecture:
        raise Http404
    sessions, lines = attendance_grid(class_group)
    columns = [*_who()[:2], *_of_sessions(sessions)]
    rows = [[line.learner.name, line.learner.number, *line.words] for line in lines]
    remark = _("空着：没有点名。“—”：那一天不在这个班。取消的和还没有上的课不列。")
    title = _("%(name)s的出勤") % {"name": class_group}
    file = _file(title, columns, rows, ending, remark)
    note_file(request.user, Looked.GRID, class_group, rows)
    return file


def note_file(
    user: User, what: Looked, class_group: ClassGroup, rows: Sequence[Sequence[Value]]
) -> None:
    """That somebody took these rows of a class along; the number stands in the second column."""
    note_look(
        user,
        what,
        rows=len({row[1] for row in rows}),
        unit=class_group.unit,
        about=str(class_group),
        taken=True,
    )


@require_safe
@for_staff
def directory_file(request: SignedInRequest, ending: str) -> HttpResponse:
    """Those whom the directory shows with the same `?unit=` and `?q=`; Http404 of nobody, and of
    more than a file takes."""
    asked = chosen(request)
    if not 0 < asked.learners.count() <= LEARNERS_IN_A_FILE:
        raise Http404
    columns = [*_who(), Column("registered", _("登记日期"), Shape.SHORT)]
    rows = [
        [*_of_learner(each, with_year=True), _day(each.registered_at)] for each in asked.learners
    ]
    title = _("%(name)s的学员") % {"name": asked.unit} if asked.unit else _("学员")
    file = _file(title, columns, rows, ending)
    note_look(
        request.user,
        Looked.DIRECTORY,
        rows=len(rows),
        unit=asked.unit,
        about=asked.unit.name if asked.unit else "",
        taken=True,
    )
    return file


def _who() -> list[Column]:
    return [
        Column("name", _("姓名"), Shape.WORDS),
        Column("number", _("学员号"), Shape.DIGITS),
        Column("born", _("出生年份"), Shape.SHORT),
        Column("unit", _("村居"), Shape.WORDS),
    ]


def _of_learner(learner: Learner, *, with_year: bool) -> list[Value]:
    """The year of birth is for who keeps the learner's particulars, and no auditor's."""
    year = learner.birth_year if with_year else None
    return [learner.name, learner.number, year, learner.unit.name]


def _of_sessions(sessions: Sequence[ClassSession]) -> list[Column]:
    """Headed by the day, and by the clock too where a day has several."""
    times = Counter(session.day for session in sessions)
    return [
        Column(
            str(session.pk),
            f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}"
            if times[session.day] > 1
            else f"{session.day}",
            Shape.SHORT,
        )
        for session in sessions
    ]


def _day(moment: datetime | None) -> date | None:
    """By the clock on the wall."""
    return timezone.localtime(moment).date() if moment else None


def _file(
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    ending: str,
    *remarks: str,
) -> HttpResponse:
    if ending not in CONTENT_TYPES:
        raise Http404
    name = re.sub(r'[\s\\/:*?"<>|]+', "_", f"{title} {timezone.localdate()}")
    if ending == CSV:
        return as_download(write_csv(columns, rows), file_name=f"{name}.{ending}")
    made = _("%(made)s制表") % {"made": f"{timezone.localtime():%Y-%m-%d %H:%M}"}
    sheet = Sheet(title=title, columns=columns, rows=rows, above=[title, made], remarks=remarks)
    return as_download(write_xlsx(sheet), file_name=f"{name}.{ending}")
