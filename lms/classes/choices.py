from django.db import models
from django.utils.translation import gettext_lazy as _


class ClassKind(models.TextChoices):
    VILLAGE_CLASS = "village", _("村居班")
    LECTURE = "lecture", _("公开讲座")
    HOME_TUTORING = "home", _("上门家教")
    PEER_GROUP = "peer", _("同伴互学")
    REMOTE = "remote", _("电视或远程收看")


class Weekday(models.IntegerChoices):
    """As datetime.date.isoweekday()."""

    MONDAY = 1, _("星期一")
    TUESDAY = 2, _("星期二")
    WEDNESDAY = 3, _("星期三")
    THURSDAY = 4, _("星期四")
    FRIDAY = 5, _("星期五")
    SATURDAY = 6, _("星期六")
    SUNDAY = 7, _("星期日")


class EnrolmentState(models.TextChoices):
    ENROLLED = "enrolled", _("在班")
    WAITING = "waiting", _("排队等候")
    LEFT = "left", _("已退出")


class Door(models.TextChoices):
    """Through which door an enrolment or a mark came in."""

    ONLINE = "online", _("网上")
    IN_PERSON = "in_person", _("现场")
    TELEPHONE = "telephone", _("电话")
    DELEGATE = "delegate", _("亲友代办")
    SPREADSHEET = "spreadsheet", _("表格导入")
    WALK_IN = "walk_in", _("到场登记")


class SessionState(models.TextChoices):
    PLANNED = "planned", _("未上课")
    CLOSED = "closed", _("已点名")
    CANCELLED = "cancelled", _("已取消")


class WhenClosed(models.TextChoices):
    """What becomes of sessions that were planned on a day on which no class meets any more."""

    CANCEL = "cancel", _("取消，写明原因")
    MOVE = "move", _("改到停课以后第一个空着的日子，钟点不变")
