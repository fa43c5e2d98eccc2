"""What was read out of alerts, and where; and how many told that they met a fraud."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.alerts.choices import AlertState
from lms.alerts.models import Alert, MetFraud, ReadOut
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.reports.question import Question
from lms.reports.table import Row, Table
from lms.tables import Column, Shape, Value
from lms.units.choices import Level
from lms.units.models import Unit, path_below, paths_to

UNIT = Column("unit", gettext_lazy("单位"), Shape.WORDS)
ALERTS = Column("alerts", gettext_lazy("发了几条提醒"))
ALERT = (
    Column("alert", gettext_lazy("提醒"), Shape.WORDS),
    Column("from", gettext_lazy("从"), Shape.MOMENT),
    Column("until", gettext_lazy("到"), Shape.MOMENT),
)
COUNTS = (
    Column("due", gettext_lazy("该读的课次")),
    Column("read", gettext_lazy("读了的课次")),
    Column("share", gettext_lazy("读了的占"), Shape.SHARE),
    Column("met", gettext_lazy("说遇到了的")),
)


@dataclass
class Told:
    """Of a unit or an alert: sessions at which it was to be read, and was; who met a fraud."""

    due: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)
    met: int = 0

    def values(self) -> list[Value]:
        due = self.due | self.read
        share = len(self.read) / len(due) if due else None
        return [len(due), len(self.read), share, self.met]


@dataclass(frozen=True)
class Held:
    """A session that was not cancelled: where and when."""

    key: int
    path: str
    at: datetime


def read_out(question: Question) -> Table:
    """By the units right below, as the tree stands today; of a village by its alerts."""
    if question.unit.level == Level.VILLAGE:
        return alerts_table(question)
    alerts, sessions, ticks = _material(question)
    length = len(question.unit.path) + Unit.steplen
    below: dict[str, Told] = {}
    for session in sessions:
        told = below.setdefault(session.path[:length], Told())
        if any(_is_due(alert, session) for alert in alerts):
            told.due.add(session.key)
        if session.key in ticks:
            told.read.add(session.key)
    for path, count in _met_by_path(question).items():
        below.setdefault(path[:length], Told()).met += count
    written = Counter(
        alert.unit.path[:length]
        for alert in alerts
        if alert.unit.path.startswith(question.unit.path)
    )
    rows = [
        Row(
            [unit.name, written[unit.path], *below.get(unit.path, Told()).values()],
            href=f"{reverse('reports:unit', args=[unit.code])}?{question.query}",
        )
        for unit in question.unit.get_children().order_by("path")
    ]
    whole = _sum(below.values())
    foot = Row([_("合计"), sum(written.values()), *whole.values()])
    return Table(columns=[UNIT, ALERTS, *COUNTS], rows=rows, foot=[foot], remarks=remarks())


def alerts_table(question: Question) -> Table:
    """Of a village: each alert that held there, its own or one from above, by time; and what was
    met and told elsewhere than below one."""
    alerts, sessions, ticks = _material(question)
    met = list(_met(question).values_list("alert", flat=True))
    by_alert = Counter(met)
    rows = []
    for alert in alerts:
        told = Told(
            due={each.key for each in sessions if _is_due(alert, each)},
            read={key for key, of in ticks.items() if alert.pk in of},
            met=by_alert[alert.pk],
        )
        rows.append(Row([alert.title, alert.starts_at, alert.ends_at, *told.values()]))
    rows.append(Row([_("不在哪条提醒下面说的"), *[None] * 5, by_alert[None]]))
    whole = Told(
        due={each.key for each in sessions if any(_is_due(alert, each) for alert in alerts)},
        read=set(ticks),
        met=len(met),
    )
    foot = Row([_("合计"), None, None, *whole.values()])
    return Table(columns=[*ALERT, *COUNTS], rows=rows, foot=[foot], remarks=remarks())


def remarks() -> list[str]:
    return [
        _(
            "该读的：上课的时候，那里正有提醒。读了的：老师按了“读过了”。说遇到了的不问是谁，一个人可以说几次。"
        )
    ]


def _sum(parts: Iterable[Told]) -> Told:
    whole = Told()
    for part in parts:
        whole.due |= part.due
        whole.read |= part.read
        whole.met += part.met
    return whole


def _is_due(alert: Alert, session: Held) -> bool:
    return session.path.startswith(alert.unit.path) and (
        alert.starts_at <= session.at < alert.ends_at
    )


def _material(question: Question) -> tuple[list[Alert], list[Held], dict[int, set[int]]]:
    """The alerts that held there in the period, the sessions held, and which of the alerts were
    read out at each of those at which any was. Three queries."""
    begins, ends = question.period.moments()
    here = path_below(question.unit, prefix="unit__") | Q(
        unit__path__in=paths_to(question.unit.path)
    )
    was_public = (AlertState.PUBLIC, AlertState.WITHDRAWN)
    alerts = Alert.objects.filter(
        here,
        state__in=was_public,
        confirmed_at__isnull=False,
        starts_at__lt=ends,
        ends_at__gt=begins,
    )
    sessions = _of_classes(
        ClassSession.objects.filter(
            path_below(question.unit, prefix="class_group__unit__"),
            starts_at__gte=begins,
            starts_at__lt=ends,
        ).exclude(state=SessionState.CANCELLED),
        question,
    )
    held = [
        Held(*row) for row in sessions.values_list("pk", "class_group__unit__path", "starts_at")
    ]
    ticks: dict[int, set[int]] = {}
    for session, alert in ReadOut.objects.filter(session__in=sessions.values("pk")).values_list(
        "session", "alert"
    ):
        ticks.setdefault(session, set()).add(alert)
    return list(alerts.select_related("unit").order_by("starts_at", "pk")), held, ticks


def _of_classes(sessions: Any, question: Question) -> Any:
    if question.kind:
        sessions = sessions.filter(class_group__kind=question.kind)
    if question.subject:
        sessions = sessions.filter(class_group__classroom__subject=question.subject)
    return sessions


def _met(question: Question) -> Any:
    begins, ends = question.period.moments()
    return MetFraud.objects.filter(
        path_below(question.unit, prefix="unit__"), told_at__gte=begins, told_at__lt=ends
    ).order_by()


def _met_by_path(question: Question) -> Counter[str]:
    return Counter(_met(question).values_list("unit__path", flat=True))
