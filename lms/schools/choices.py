from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of the school system; the national division code tells them by its length."""

    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    DISTRICT = "district", _("区县")
    STREET = "street", _("街镇")
    VILLAGE = "village", _("村居")


#: Digits of a unit's code at each level, as 统计用区划代码 are written (2-2-2-3-3).
CODE_LENGTHS = {
    2: Level.PROVINCE,
    4: Level.CITY,
    6: Level.DISTRICT,
    9: Level.STREET,
    12: Level.VILLAGE,
}


class Role(models.TextChoices):
    """What a person does at a unit; the role covers the unit and all below it."""

    OFFICER = "officer", _("管理员")
    TEACHER = "teacher", _("教师")
    VOLUNTEER = "volunteer", _("志愿者")
    AUDITOR = "auditor", _("查阅员")


#: Roles that see everything of the unit and below. Teachers and volunteers see their own classes.
SUPERVISES = (Role.OFFICER, Role.AUDITOR)


class ProxyScope(models.TextChoices):
    """What a family member or village staff may do for a learner."""

    ENROL = "enrol", _("代报名")
    SIGN_IN = "sign_in", _("代确认登录")
    ALL = "all", _("代办全部事项")


class Consent(models.TextChoices):
    """How the learner's consent to a proxy was given, so that it can be looked up."""

    SIGNED = "signed", _("本人签字")
    SPOKEN = "spoken", _("当面口头同意，有见证人")
    TELEPHONE = "telephone", _("电话里同意")


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
    DESK = "desk", _("现场")
    TELEPHONE = "telephone", _("电话")
    PROXY = "proxy", _("亲友代办")
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


class Status(models.TextChoices):
    """A learner's attendance. No mark at all is "unmarked", which is not absent."""

    PRESENT = "present", _("到")
    LATE = "late", _("迟到")
    LEFT_EARLY = "left_early", _("早退")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("没到")


COUNTS_AS_PRESENT = (Status.PRESENT, Status.LATE, Status.LEFT_EARLY)


class PeriodKind(models.TextChoices):
    """What figures are asked for. Every day belongs to one month, one term and one year."""

    MONTH = "month", _("月")
    TERM = "term", _("学期")
    YEAR = "year", _("年")


class Tree(models.TextChoices):
    """Under whom a unit's figures are added up: as the tree stands today, or stood on the period's
    last day."""

    TODAY = "today", _("按现在的上下级")
    THEN = "then", _("按当时的上下级")


class RosterState(models.TextChoices):
    """How far the import of a list has come."""

    PREVIEW = "preview", _("还没有导入")
    DONE = "done", _("已导入")
    UNDONE = "undone", _("已撤销")


class RosterVerdict(models.TextChoices):
    """What a row of a list is, beside those who are registered and the rows above it."""

    NEW = "new", _("新登记")
    KNOWN = "known", _("已在名册")
    IN_CLASS = "in_class", _("已在班里")
    MAYBE = "maybe", _("可能是同一人")
    DOUBLE = "double", _("两行重复")
    BAD = "bad", _("有错")


class StaysBecause(models.TextChoices):
    """Why undoing an import leaves somebody where they are."""

    MARKED = "marked", _("点过名")
    ELSEWHERE = "elsewhere", _("别处有记录，还在名册")
    CHANGED = "changed", _("资料改过，还在名册")
    ENROLMENT_CHANGED = "enrolment", _("报名改过")
