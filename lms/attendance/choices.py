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


class SessionChangeKind(models.TextChoices):
    """What was done to a session as a whole, or to its roll."""

    CLOSED = "closed", _("结束了点名")
    REOPENED = "reopened", _("重新打开了点名")
    NOT_HELD = "not_held", _("写明没有上课")
    MOVED = "moved", _("改了时间")
    CANCELLED = "off", _("取消了这次课")
    RESTORED = "restored", _("恢复了这次课")


class EventOutcome(models.TextChoices):
    """What became of one event. The device may forget it, unless it asks or waits."""

    STORED = "stored", _("已收到")
    KNOWN = "known", _("早已收到")
    NO_SESSION = "no_session", _("没有这次课，或者这不是您的班。")
    NO_LEARNER = "no_learner", _("没有这位学员，或者学员不在这个班。")
    CANCELLED = "cancelled", _("这次课已经取消。")
    NOT_BEGUN = "not_begun", _("那时候课还没有开始，不能点名。上课前半小时起才能点。")
    NEEDS_REASON = "needs_reason", _("点名已经结束，改动要写明原因。")
    NO_NUMBER = (
        "no_number",
        _("没有这个学员号，或者是别的街镇的学员。请对着卡再看一遍；没有卡，就写姓名登记。"),
    )
    NO_CLASS = "no_class", _("没有这个班，或者这不是您的班。")
    WRONG_TIME = "wrong_time", _("上课的时间不对，没有记上。请看看手机的日期和时间。")
    MALFORMED = "malformed", _("服务器看不懂这一条，没有记上。请重新点一次。")
    #: Nothing is stored until somebody says whether it is one of those, and sends it again so.
    SAME_NAME = "same_name", _("这里已经有同名的学员。请问一下本人，再选。")
    #: A mark of a walk-in that has not arrived yet: to be sent again after it.
    WAIT = "wait", _("这个人的到场登记还没有收到。")
