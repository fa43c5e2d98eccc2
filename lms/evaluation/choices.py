from django.db import models
from django.utils.translation import gettext_lazy as _


class FaceQuestion(models.TextChoices):
    """What the five faces are asked about, in this order; the last is the whole."""

    CLEAR = "clear", _("课听得懂吗？")
    PATIENT = "patient", _("老师有耐心吗？")
    USEFUL = "useful", _("学了用得上吗？")
    NEAR = "near", _("来上课方便吗？")
    OVERALL = "overall", _("总的来说，您满意吗？")


class Face(models.IntegerChoices):
    """Their numbers are the keys of a remote."""

    VERY_BAD = 1, _("很不好")
    BAD = 2, _("不太好")
    MIDDLING = 3, _("一般")
    GOOD = 4, _("好")
    VERY_GOOD = 5, _("很好")


class AnsweredOn(models.TextChoices):
    SCREEN = "screen", _("电视、手机")
    PAPER = "paper", _("纸上")


class CaseState(models.TextChoices):
    SUBMITTED = "submitted", _("等着看")
    RETURNED = "returned", _("退回修改")
    CHOSEN = "chosen", _("选上了，已公开")
    WITHDRAWN = "withdrawn", _("撤下了")


class CaseAct(models.TextChoices):
    """What was done about a case."""

    SUBMITTED = "submitted", _("报了上来")
    SENT_UP = "sent_up", _("往上报")
    RETURNED = "returned", _("退回修改")
    CHOSEN = "chosen", _("选上，公开")
    WITHDRAWN = "withdrawn", _("撤下")
