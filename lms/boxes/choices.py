from django.db import models
from django.utils.translation import gettext_lazy as _


class BoxState(models.TextChoices):
    """Of a box as its city knows it."""

    EXPECTED = "expected", _("等盒子登记")
    AT_WORK = "at_work", _("在用")
    REVOKED = "revoked", _("停用了")


class LetterKind(models.TextChoices):
    """What city and box send each other, by line and on the stick alike."""

    BATCH = "batch", _("盒子上记下的")
    ASK = "ask", _("盒子来问")
    ANSWER = "answer", _("市里收到了哪些")
    SNAPSHOT = "snapshot", _("市里定下的")


class LineKind(models.TextChoices):
    """What is born on a box. In the order in which lines of one batch are taken in: what others
    need comes first."""

    LEARNER = "learner", _("新学员")
    SESSION = "session", _("课次")
    ENROLMENT = "enrolment", _("报名")
    EVENT = "event", _("点名")
    MARK = "mark", _("学习记录")
    TALLY = "tally", _("看不懂和答题的次数")
    HELP = "help", _("求助")
    MET = "met", _("我遇到了")
    #: The end of a roll, after its marks.
    CLOSING = "closing", _("结束点名")


class HeldState(models.TextChoices):
    """Of a line that could not be taken in at once."""

    WAITING = "waiting", _("等前面的到了再收")
    REFUSED = "refused", _("收不下")
    GIVEN_UP = "given_up", _("不收了")


class Carrier(models.TextChoices):
    LINE = "line", _("网络")
    STICK = "stick", _("U盘")
