from django.db import models
from django.utils.translation import gettext_lazy as _


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


class StaffVerdict(models.TextChoices):
    """What a row of a list of staff is, beside the accounts and roles that there are and the rows
    above it."""

    NEW = "new", _("新账号")
    KNOWN = "known", _("已有账号，加任职")
    HAS_ROLE = "has_role", _("已经在任")
    DOUBLE = "double", _("两行重复")
    BAD = "bad", _("有错")


#: The rows that an import does something for.
STAFF_TO_APPOINT = (StaffVerdict.NEW, StaffVerdict.KNOWN)


class StaffStaysBecause(models.TextChoices):
    """Why undoing an import of staff leaves somebody's role as it is."""

    SIGNED_IN = "signed_in", _("已经登录过")
    CHANGED = "changed", _("任职后来改过")
