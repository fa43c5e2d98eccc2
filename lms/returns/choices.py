from django.db import models
from django.utils.translation import gettext_lazy as _


class ReturnState(models.TextChoices):
    """Where a unit's return of a month stands."""

    TO_FILL = "to_fill", _("待填")
    SUBMITTED = "submitted", _("已报")
    APPROVED = "approved", _("已审")
    LOCKED = "locked", _("汇总锁定")
    MISSING = "missing", _("缺报")
    SENT_BACK = "sent_back", _("退回")


#: It may be filled in and signed.
OPEN = (ReturnState.TO_FILL, ReturnState.SENT_BACK)
#: The level above need not wait for it.
SETTLED = (ReturnState.APPROVED, ReturnState.LOCKED, ReturnState.MISSING)
#: Its figures stand in those of the level above.
COUNTED = (ReturnState.APPROVED, ReturnState.LOCKED)


class ReturnActKind(models.TextChoices):
    """What somebody did about a return."""

    SUBMITTED = "submitted", _("签名上报")
    APPROVED = "approved", _("审核通过")
    SENT_BACK = "sent_back", _("退回")
    MISSING = "missing", _("记为缺报")
    EXPECTED = "expected", _("改回待填")
    LOCKED = "locked", _("汇总锁定")
    UNLOCKED = "unlocked", _("解锁")


class Punctuality(models.TextChoices):
    """How a return kept its last day."""

    ON_TIME = "on_time", _("按时")
    LATE = "late", _("迟报")
    MISSING = "missing", _("缺报")
    OVERDUE = "overdue", _("过期没报")
    AHEAD = "ahead", _("还没到期")


class SignedBy(models.TextChoices):
    """What a signature was given with, besides the name."""

    CODE = "code", _("动态口令")
    PAPER = "paper", _("备用码")
    PASSWORD = "password", _("密码")
