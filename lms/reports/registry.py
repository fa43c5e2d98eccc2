"""Every report there is: a line here, and it has its page, its files, its paper and its test."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.reports.attendance import attendance
from lms.reports.open_rolls import open_rolls
from lms.reports.question import Question
from lms.reports.read_out import read_out
from lms.reports.table import Table


@dataclass(frozen=True)
class Report:
    #: In the address; the views are named after it.
    name: str
    title: str | Promise
    table: Callable[[Question], Table]
    #: Whether it heeds the tree as it was, and whether its rows can be split.
    has_trees: bool = True
    splits: bool = True


REPORTS = (
    Report("attendance", _("出勤统计"), attendance),
    Report("open-rolls", _("没有结束的点名"), open_rolls, has_trees=False, splits=False),
    Report("read-out", _("防骗提醒读了没有"), read_out, has_trees=False, splits=False),
)


def report_named(name: str) -> Report | None:
    return next((report for report in REPORTS if report.name == name), None)
