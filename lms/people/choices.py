from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does at a unit; the role covers the unit and all below it."""

    OFFICER = "officer", _("管理员")
    TEACHER = "teacher", _("教师")
    VOLUNTEER = "volunteer", _("志愿者")
    AUDITOR = "auditor", _("查阅员")
    LIAISON = "liaison", _("联络民警")


#: Roles that see everything of the unit and below. Teachers and volunteers see their own classes,
#: the police liaison (who writes alerts) no learner.
SUPERVISES = (Role.OFFICER, Role.AUDITOR)
#: Whom a unit appoints for itself; its officers and auditors are appointed from above.
HELPERS = (Role.TEACHER, Role.VOLUNTEER, Role.LIAISON)


class RoleState(models.TextChoices):
    """Where a role stands today."""

    CURRENT = "current", _("在任")
    UPCOMING = "upcoming", _("还没开始")
    ENDED = "ended", _("已结束")


class RoleAct(models.TextChoices):
    """What was done about somebody's roles, or about how they sign in."""

    APPOINTED = "appointed", _("任职")
    ENDED = "ended", _("结束任职")
    MOVED = "moved", _("换单位")
    HANDED_OVER = "handed_over", _("交接给别人")
    SLIP = "slip", _("发登录条")
    TELEPHONE = "telephone", _("换手机号")


#: What is done about a role; the others are about the account.
ACTS_ON_ROLES = (RoleAct.APPOINTED, RoleAct.ENDED, RoleAct.MOVED, RoleAct.HANDED_OVER)


class DelegateScope(models.TextChoices):
    """What a family member or village staff may do for a learner."""

    ENROL = "enrol", _("代报名")
    SIGN_IN = "sign_in", _("代确认登录")
    ALL = "all", _("代办全部事项")


class Consent(models.TextChoices):
    """How the learner's consent to a delegate was given, so that it can be looked up."""

    SIGNED = "signed", _("本人签字")
    SPOKEN = "spoken", _("当面口头同意，有见证人")
    TELEPHONE = "telephone", _("电话里同意")


class Looked(models.TextChoices):
    """What of learners' was on a page or in a file that somebody who works here opened."""

    LEARNER = "learner", _("学员资料")
    ATTENDANCE = "attendance", _("学员的出勤")
    DIRECTORY = "directory", _("学员名录")
    CLASS = "class", _("班级的学员")
    GRID = "grid", _("班级的出勤表")
    SESSION = "session", _("一次课的点名")
    MISSED = "missed", _("接连没到的学员")
    PHONE = "phone", _("手机里的名单")
    CARDS = "cards", _("学员卡")
    SHEET = "sheet", _("签到表")
    DOUBLES = "doubles", _("登记了两次的学员")
    LIST = "list", _("导入的名单")
    QUEUE = "queue", _("排队的报名")
    HELP = "help", _("求助的人")
    KEPT = "kept", _("一位学员的全部资料")
    REPORT = "report", _("统计报表")
    ADMIN = "admin", _("后台的列表")
    LOOKS = "looks", _("查看记录")
