"""Packs that were taken in here."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.helpline.models import answers_help
from lms.packs.choices import IN_HAND
from lms.packs.models.jobs import Job, JobQuerySet, of_a_job

LONGEST_PATH = 400  # characters


def takes_packs(user: Visitor) -> bool:
    """Whether the user may take packs of trusted cities in on this machine: administrators, and
    on a village box, where there are none, whoever works there."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or (settings.BOX and answers_help(user))


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


class PackTakingQuerySet(JobQuerySet["PackTaking"]):
    def visible_to(self, user: Visitor) -> Self:
        """All of them, for those who take packs in."""
        return self.all() if takes_packs(user) else self.none()


class PackTaking(Job):
    """A pack on a stick in this machine that somebody asked to have taken in, or the edition
    before to be gone back to. What came of it is a `Taking`."""

    #: Of the pack on the stick; blank: the edition before is gone back to.
    folder = models.CharField(max_length=LONGEST_PATH, blank=True)
    #: SHA-256 in hex of the manifest that was shown: another is not taken.
    digest = models.CharField(max_length=64)
    #: `Manifest.name`.
    name = models.CharField(_("课程盘"), max_length=120)
    as_drafts = models.BooleanField(default=False)

    objects = PackTakingQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("要收的课程盘")
        verbose_name_plural = _("要收的课程盘")
        constraints: ClassVar = [
            *of_a_job("pack_taking"),
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(state__in=IN_HAND),
                name="a_pack_is_taken_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    @property
    def goes_back(self) -> bool:
        return not self.folder
