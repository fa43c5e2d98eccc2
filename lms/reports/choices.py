from django.db import models
from django.utils.translation import gettext_lazy as _


class Split(models.TextChoices):
    """Into which rows a report divides each unit's figures."""

    NONE = "", _("不细分")
    MONTH = "month", _("按月")
    KIND = "kind", _("按形式")
    SUBJECT = "subject", _("按课堂")
