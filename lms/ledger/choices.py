from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.choices import Subject


class Figure(models.TextChoices):
    """A figure of this system that a measure can be held against, of a unit and a year."""

    HELD = "held", _("上了几次课")
    ATTENDANCES = "attendances", _("到课人次")
    LEARNERS = "learners", _("学员人数")
    HEADCOUNT = "headcount", _("讲座人次")
    SHARE = "share", _("出勤率（%）")
    SCIENCE = "science", _("科普知识：上了几次课")
    SMART_TECH = "smart-tech", _("智能技术：上了几次课")
    ANTI_FRAUD = "anti-fraud", _("防骗知识：上了几次课")
    DIGITAL_LIFE = "digital-life", _("数字化生活：上了几次课")


#: Figures that count the sessions of one classroom alone.
OF_A_SUBJECT = {
    Figure.SCIENCE: Subject.SCIENCE,
    Figure.SMART_TECH: Subject.SMART_TECH,
    Figure.ANTI_FRAUD: Subject.ANTI_FRAUD,
    Figure.DIGITAL_LIFE: Subject.DIGITAL_LIFE,
}


class Standing(models.TextChoices):
    """Where a measure stands today."""

    OVERDUE = "overdue", _("过了期")
    SOON = "soon", _("七天内到期")
    RUNNING = "running", _("正在办")
    CLOSED = "closed", _("已办结")


class EvidenceKind(models.TextChoices):
    FILE = "file", _("文件")
    LINK = "link", _("网址")
    PHOTO = "photo", _("照片")


class Way(models.TextChoices):
    """How a change of a row came about."""

    PAGE = "page", _("在页面上")
    SHEET = "sheet", _("用表格导入")
    UNDO = "undo", _("撤销导入")
    STARTER = "starter", _("带入三十四条")


class Act(models.TextChoices):
    """What was done to a whole row, beside changing its fields."""

    MADE = "made", _("新添")
    REOPENED = "reopened", _("重新打开")
    TAKEN_AWAY = "taken_away", _("撤下")
    UNDONE = "undone", _("撤销导入")
    PRESSED = "pressed", _("督办")
    ANSWERED = "answered", _("答复督办")
    SHOWN = "shown", _("添佐证")
    SHOWN_NO_MORE = "hidden", _("撤下佐证")


class ImportState(models.TextChoices):
    """How far the import of a table has come."""

    PREVIEW = "preview", _("还没有导入")
    DONE = "done", _("已导入")
    UNDONE = "undone", _("已撤销")


class RowVerdict(models.TextChoices):
    """What a row of a table is, beside the rows that there are."""

    NEW = "new", _("新的一条")
    CHANGED = "changed", _("有改动")
    SAME = "same", _("没有变化")
    BAD = "bad", _("有错")
