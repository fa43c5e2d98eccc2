from django.db import models
from django.utils.translation import gettext_lazy as _


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
