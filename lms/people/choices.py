from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does at a unit; the role covers the unit and all below it."""

    OFFICER = "officer", _("管理员")
    TEACHER = "teacher", _("教师")
    VOLUNTEER = "volunteer", _("志愿者")
    AUDITOR = "auditor", _("查阅员")


#: Roles that see everything of the unit and below. Teachers and volunteers see their own classes.
SUPERVISES = (Role.OFFICER, Role.AUDITOR)


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
