from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """The four classrooms of the policy (四个进课堂), in its order; each has a colour."""

    SCIENCE = "science", _("科普知识")
    SMART_TECH = "smart-tech", _("智能技术")
    ANTI_FRAUD = "anti-fraud", _("防骗知识")
    DIGITAL_LIFE = "digital-life", _("数字化生活体验")


class PracticeKind(models.TextChoices):
    """How a lesson is practised in class; the values are those of the curriculum."""

    PRETEND_PHONE = "练习机", _("练习机")
    REAL_PHONE = "真机", _("真机")
    ROLE_PLAY = "演一演", _("演一演")
    HOLD_UP_CARDS = "举牌", _("举牌")
    FILL_A_CARD = "填卡", _("填卡")
