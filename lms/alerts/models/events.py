"""What was done about alerts and emergency notices: a log that is only added to."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.alerts.choices import AlertAct
from lms.alerts.models.texts import Alert, EmergencyNotice


class AlertEventIsFinal(TypeError):
    """Somebody tried to change or delete what is written in the log of alerts."""


class AlertEventQuerySet(models.QuerySet["AlertEvent"]):
    """Events are added and read; nothing else is done to them."""

    def update(self, **fields: Any) -> int:
        raise AlertEventIsFinal

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AlertEventIsFinal


class AlertEvent(models.Model):
    """Who did what to which of the two, and why. Never changed, never deleted."""

    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="events")
    emergency = models.ForeignKey(
        EmergencyNotice, null=True, on_delete=models.PROTECT, related_name="events"
    )
    act = models.CharField(_("办了什么"), max_length=9, choices=AlertAct.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    #: Why; blank where nothing need be said.
    note = models.CharField(_("说明"), max_length=80, blank=True)

    objects = AlertEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒和通知的记录")
        verbose_name_plural = _("提醒和通知的记录")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(act__in=AlertAct.values), name="an_alert_events_act_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(alert__isnull=True, emergency__isnull=False)
                | models.Q(alert__isnull=False, emergency__isnull=True),
                name="an_alert_event_is_about_one_text",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    act__in=(AlertAct.ALONE, AlertAct.RETURNED, AlertAct.WITHDRAWN), note=""
                ),
                name="an_alert_event_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_act_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AlertEventIsFinal
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AlertEventIsFinal
