"""A household's television: paired once by a phone, then each person picks a picture."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.people.models import Delegate
from lms.tv.choices import PersonPicture

PAIRING_LASTS = timedelta(minutes=10)


class Television(models.Model):
    """A screen that people of one household sign in on. Its key stands in the screen's cookie."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("叫什么"), max_length=20)
    paired_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("家里的电视")
        verbose_name_plural = _("家里的电视")

    def __str__(self) -> str:
        return self.name


class TelevisionPersonQuerySet(models.QuerySet["TelevisionPerson"]):
    def let_in(self) -> Self:
        """Who may watch there by a picture: not who has ended everything since watching last, nor
        who came in by an authority that is over or revoked."""
        return self.filter(~self._ended())

    def ended(self) -> Self:
        return self.filter(self._ended())

    def in_the_hands_of(self, person: Visitor) -> Self:
        """Which that account may throw out: its own, and those that it let in for a learner."""
        return self.filter(models.Q(user=person) | models.Q(delegate__person=person))

    @staticmethod
    def _ended() -> models.Q:
        ended_at = "user__signed_out_everywhere_at"
        signed_out = models.Q(
            **{f"{ended_at}__isnull": False, f"{ended_at}__gte": models.F("last_seen_at")}
        )
        in_force = models.Q(delegate__in=Delegate.objects.in_force())
        return signed_out | (models.Q(delegate__isnull=False) & ~in_force)


class TelevisionPerson(models.Model):
    """Somebody who may watch on that television without typing; gone when revoked."""

    television = models.ForeignKey(Television, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="televisions"
    )
    picture = models.CharField(_("图片"), max_length=8, choices=PersonPicture.choices)
    last_seen_at = models.DateTimeField(default=timezone.now)
    #: Under which authority somebody else let the person in; None: the person did.
    delegate = models.ForeignKey(Delegate, null=True, on_delete=models.CASCADE, related_name="+")

    objects = TelevisionPersonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["television", "user"], name="a_person_is_on_a_television_once"
            ),
            models.UniqueConstraint(
                fields=["television", "picture"], name="a_picture_is_one_persons_on_a_television"
            ),
            models.CheckConstraint(
                condition=models.Q(picture__in=PersonPicture.values),
                name="a_persons_picture_is_a_known_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.television}"


class PairingQuerySet(models.QuerySet["Pairing"]):
    def open(self, now: datetime | None = None) -> Self:
        """Neither used nor older than ten minutes."""
        made_after = (now or timezone.now()) - PAIRING_LASTS
        return self.filter(used_at__isnull=True, made_at__gt=made_after)


class Pairing(models.Model):
    """A television asks to be let in (RFC 8628 in shape): ten minutes, one use. Neither the six
    digits nor the screen's token is kept, only what they hash to; who steals the digits has no
    use of them on another screen, since that lacks the token."""

    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    #: Two digits shown on both, so that a phone lets in the screen before it and no other.
    match = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    confirmed_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    #: Under which authority somebody else confirmed it; None: the person did.
    delegate = models.ForeignKey(Delegate, null=True, on_delete=models.CASCADE, related_name="+")
    used_at = models.DateTimeField(null=True)

    objects = PairingQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["code_hash"], name="pairing_by_code")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(match__range=(10, 99)), name="a_match_number_has_two_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(delegate__isnull=True) | models.Q(confirmed_for__isnull=False),
                name="a_pairing_by_delegate_is_confirmed_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
