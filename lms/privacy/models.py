"""How the nightly job of the periods went."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class PeriodRun(models.Model):
    """The last time that what is over by one period was taken away (`retention.PERIODS`)."""

    period = models.CharField(max_length=16, primary_key=True)
    ended_at = models.DateTimeField(_("时间"))
    #: How many rows went; None: it failed.
    count = models.PositiveIntegerField(_("删去几条"), null=True)

    class Meta:
        verbose_name = _("到期删除")
        verbose_name_plural = _("到期删除")
        ordering: ClassVar = ["period"]

    def __str__(self) -> str:
        return f"{self.period} {self.ended_at:%Y-%m-%d %H:%M}"
