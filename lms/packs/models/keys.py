"""By whose signature packs are taken in."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TrustedKeyQuerySet(models.QuerySet["TrustedKey"]):
    def current(self) -> Self:
        return self.filter(ended_at__isnull=True)


class TrustedKey(models.Model):
    """A city's public key, that an administrator trusts or that a trusted pack announced. Those
    of `PACK_TRUSTED_KEYS` count besides."""

    #: The first 16 hex digits of the key's SHA-256.
    key_id = models.CharField(_("公钥编号"), max_length=16, unique=True)
    #: 32 bytes in base64.
    public_key = models.CharField(_("公钥"), max_length=44)
    #: Keys of one city are one sender, whose editions are compared.
    city = models.CharField(_("哪个城市"), max_length=60)
    added_at = models.DateTimeField(_("什么时候"), auto_now_add=True)
    #: None when the account is gone, and where a pack announced it.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: `key_id` by which the pack was signed that announced it; blank where somebody added it.
    announced_by = models.CharField(max_length=16, blank=True)
    #: From when it is trusted no more; None while it is.
    ended_at = models.DateTimeField(_("不再相信"), null=True)

    objects = TrustedKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("相信的公钥")
        verbose_name_plural = _("相信的公钥")
        ordering: ClassVar = ["city", "added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.city} {self.key_id}"
