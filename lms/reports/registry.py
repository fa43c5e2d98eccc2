"""Every report there is: a line here, and it has its page, its files, its paper and its test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.reports.ages import ages
from lms.reports.attendance import attendance
from lms.reports.classrooms import classrooms
from lms.reports.coverage import coverage
from lms.reports.first_and_last import first_and_last
from lms.reports.home_visits import home_visits
from lms.reports.newcomers import newcomers
from lms.reports.open_rolls import open_rolls
from lms.reports.question import Question
from lms.reports.read_out import read_out
from lms.reports.standing_out.report import standing_out
from lms.reports.table import Table
from lms.reports.volunteers import volunteers


@dataclass(frozen=True)
class Report:
    #: In the address; the views are named after it.
    name: str
    title: str | Promise
    table: Callable[[Question], Table]
    #: Whether it heeds the tree as it was, and whether its rows can be split.
    has_trees: bool = True
    splits: bool = True
    #: Whether it can be asked of one kind of class or one classroom alone.
    sieves: bool = True
    #: Columns that a chart draws above the table, by their keys; blank: no chart.
    bars: str = ""
    stacked: bool = False
    #: Its rows are sentences, which want the width of a phone.
    told: bool = False


def _whole(
    name: str, title: str | Promise, table: Callable[[Question], Table], **more: Any
) -> Report:
    """Of all classes together, in today's tree."""
    return Report(name, title, table, has_trees=False, splits=False, sieves=False, **more)


REPORTS = (
    Report("attendance", _("出勤统计"), attendance),
    Report("open-rolls", _("没有结束的点名"), open_rolls, has_trees=False, splits=False),
    _whole("standing-out", _("不寻常的地方"), standing_out, told=True),
    _whole("coverage", _("村居覆盖"), coverage, bars="covered bare", stacked=True),
    _whole("newcomers", _("新老学员"), newcomers, bars="new returning"),
    _whole("ages", _("学员年龄"), ages, bars="learners"),
    _whole("classrooms", _("四个课堂"), classrooms, bars="share share_came"),
    _whole("first-and-last", _("学前学后"), first_and_last, bars="knew know"),
    _whole("volunteers", _("志愿者时间"), volunteers, bars="hours"),
    _whole("home-visits", _("上门家教"), home_visits, bars="held"),
    Report("read-out", _("防骗提醒读了没有"), read_out, has_trees=False, splits=False),
)


def report_named(name: str) -> Report | None:
    return next((report for report in REPORTS if report.name == name), None)
