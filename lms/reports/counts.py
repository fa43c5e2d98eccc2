"""The columns that reports of figures share, and what stands in them."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.statistics.models import SessionCounters
from lms.statistics.queries import Figures
from lms.tables import Column, Shape, Value

SESSION_COUNTS = (
    Column("planned", gettext_lazy("应上")),
    Column("held", gettext_lazy("已上")),
    Column("cancelled", gettext_lazy("取消")),
    Column("awaiting", gettext_lazy("未完成")),
)
ROLL_COUNTS = (
    Column("attendances", gettext_lazy("到课人次")),
    Column("excused", gettext_lazy("请假")),
    Column("absences", gettext_lazy("没到")),
    Column("share", gettext_lazy("出勤率"), Shape.SHARE),
    Column("headcount", gettext_lazy("讲座人次")),
)
LEARNERS = Column("learners", gettext_lazy("学员人数"))
REMARK = Column("remark", gettext_lazy("说明"), Shape.REMARK)


def counts(figures: Figures) -> list[Value]:
    """In the order of SESSION_COUNTS and ROLL_COUNTS; None all along where nothing was planned."""
    if not figures.is_reported:
        return [None] * (len(SESSION_COUNTS) + len(ROLL_COUNTS))
    return [
        figures.planned,
        figures.held,
        figures.cancelled,
        awaiting(figures),
        *roll_counts(figures),
    ]


def learners_of(figures: Figures) -> int | None:
    return figures.learners if has_roll(figures) else None


def roll_counts(figures: Figures | SessionCounters) -> list[Value]:
    """In the order of ROLL_COUNTS; None all along before anybody has been marked or counted, when
    0 would say that nobody came."""
    if not has_roll(figures):
        return [None] * len(ROLL_COUNTS)
    return [
        figures.attendances,
        figures.excused,
        figures.absences,
        share_of(figures),
        figures.headcount,
    ]


def has_roll(figures: Figures | SessionCounters) -> bool:
    """Whether a roll is closed, or begun."""
    return bool(
        figures.held
        or figures.attendances
        or figures.excused
        or figures.absences
        or figures.headcount
    )


def share_of(figures: Figures | SessionCounters) -> float | None:
    """Of all who were marked, how many came; None when nobody was."""
    marked = figures.attendances + figures.excused + figures.absences
    return figures.attendances / marked if marked else None


def awaiting(figures: Figures) -> int:
    """Sessions still to come, and those whose roll nobody has closed."""
    return figures.planned - figures.held - figures.cancelled


def when_counted(figures: Figures) -> str:
    """Whole words, since a figure without its time would be taken for this moment's."""
    if figures.counted_at is None:
        return _("正在统计")
    at = timezone.localtime(figures.counted_at)
    if at.date() == timezone.localdate():
        return _("%(clock)s统计") % {"clock": f"{at:%H:%M}"}
    return _("%(day)s统计") % {"day": f"{at:%Y-%m-%d %H:%M}"}
