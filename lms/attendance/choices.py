from django.db import models
from django.utils.translation import gettext_lazy as _


class AttendanceStatus(models.TextChoices):
    """A learner's attendance. No mark at all is "unmarked", which is not absent."""

    PRESENT = "present", _("到")
    LATE = "late", _("迟到")
    LEFT_EARLY = "left_early", _("早退")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("没到")


COUNTS_AS_PRESENT = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY)


class EventOutcome(models.TextChoices):
    """What became of one event. The device may forget it, unless it asks or waits."""

    STORED = "stored", _("已收到")
    KNOWN = "known", _("早已收到")
    NO_SESSION = "no_session", _("没有这次课，或者这不是您的班。")
    NO_LEARNER = "no_learner", _("没有这位学员，或者学员不在这个班。")
    CANCELLED = "cancelled", _("这次课已经取消。")
    NEEDS_REASON = "needs_reason", _("点名已经结束，改动要写明原因。")
    NO_NUMBER = (
        "no_number",
        _("没有这个学员号，或者是别的街镇的学员。请对着卡再看一遍；没有卡，就写姓名登记。"),
    )
    #: Nothing is stored until somebody says whether it is one of those, and sends it again so.
    SAME_NAME = "same_name", _("这里已经有同名的学员。请问一下本人，再选。")
    #: A mark of a walk-in that has not arrived yet: to be sent again after it.
    WAIT = "wait", _("这个人的到场登记还没有收到。")
