"""What was read out to a class, and where."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.alerts.models.texts import Alert
from lms.classes.models import ClassSession


class ReadOut(models.Model):
    """A teacher read an alert out to those who had come to a session (今天读给大家听，读过了)."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="read_outs")
    session = models.ForeignKey(
        ClassSession, on_delete=models.CASCADE, related_name="alerts_read_out"
    )
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("读过了")
        verbose_name_plural = _("读过了")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "alert"], name="an_alert_is_read_out_once_a_session"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.alert}"
