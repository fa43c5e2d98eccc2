"""On which days no class meets, and the keys of calendars that somebody subscribes to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.units.models import Unit


class ClosingDay(models.Model):
    """A day on which a unit and all below it hold no class."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="closing_days")
    day = models.DateField(_("日期"))
    reason = models.CharField(_("原因"), max_length=60)
    #: None: from before this was kept.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "day"], name="a_unit_closes_once_on_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.day}: {self.reason}"


class CalendarDay(models.Model):
    """A day on which the national calendar does not hold for a city and all below it."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="calendar_days")
    day = models.DateField(_("日期"))
    #: Whether classes meet on it, whatever the calendar says. Closing days still close.
    meets = models.BooleanField(_("上课"))
    reason = models.CharField(_("原因"), max_length=60)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "day"], name="a_unit_says_once_what_a_day_is"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_calendar_day_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.day}: {self.reason}"


class CalendarKey(models.Model):
    """How often somebody has asked for a new calendar address; the old ones are void."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key"
    )
    turn = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.person} {self.turn}"
