"""Packs that were taken in here."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TakingQuerySet(models.QuerySet["Taking"]):
    def of(self, *, city: str, scope: str) -> Self:
        """Of one sender and scope, the latest first."""
        return self.filter(city=city, scope=scope).order_by("-taken_at", "-pk")


class Taking(models.Model):
    """A pack whose lessons were taken over. Append-only: going back is a row too."""

    #: `TrustedKey.city`; of a stranger the id of his key.
    city = models.CharField(max_length=60)
    scope = models.CharField(max_length=120)
    edition = models.PositiveBigIntegerField()
    #: `Manifest.name`.
    name = models.CharField(max_length=120)
    key_id = models.CharField(max_length=16)
    #: SHA-256 of the manifest in hex.
    digest = models.CharField(max_length=64)
    #: Of the copy below VAR_DIR/taken-packs; it may have been deleted since.
    folder = models.CharField(max_length=120)
    is_strangers = models.BooleanField(default=False)
    went_back = models.BooleanField(default=False)
    taken_at = models.DateTimeField(auto_now_add=True)
    #: None when the account is gone, and where the machine did it by itself.
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: How many pages were new, changed, untouched, kept.
    told = models.JSONField(default=dict)

    objects = TakingQuerySet.as_manager()

    class Meta:
        verbose_name = _("收下的课程盘")
        verbose_name_plural = _("收下的课程盘")
        ordering: ClassVar = ["-taken_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["city", "scope", "-taken_at"], name="takings_of_a_sender")
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.edition}"
