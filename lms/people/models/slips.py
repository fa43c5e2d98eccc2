"""Printed passwords that are good once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Slip(models.Model):
    """The account's password was printed on a slip (登录条): it is good until then, and must be
    changed before anything else. The password itself is kept nowhere; the row goes once its owner
    has one that nobody printed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="slip"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("登录条")
        verbose_name_plural = _("登录条")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                name="a_slip_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} (–{self.expires_at:%Y-%m-%d})"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
