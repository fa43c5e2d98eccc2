"""Who may act for a learner (亲友代办)."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.people.choices import Consent, DelegateScope
from lms.people.models.learners import Learner


class DelegateQuerySet(models.QuerySet["Delegate"]):
    def in_force(self, day: date | None = None) -> Self:
        """Neither over nor revoked on that day; None means today."""
        day = day or timezone.localdate()
        return self.filter(from_date__lte=day, until_date__gt=day, revoked_at__isnull=True)


class Delegate(models.Model):
    """A family member or village staff may act for a learner, who agreed, until a day.

    `person` None: the learner has been erased, and with it who stood near.
    """

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="delegates")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="represented_learners",
    )
    relation = models.CharField(_("关系"), max_length=20)
    scope = models.CharField(_("可以办什么"), max_length=8, choices=DelegateScope.choices)
    consent = models.CharField(_("怎么同意的"), max_length=9, choices=Consent.choices)
    #: Who was there when consent was only spoken; blank otherwise.
    witness = models.CharField(_("见证人"), max_length=40, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    from_date = models.DateField(_("从"), default=timezone.localdate)
    until_date = models.DateField(_("到（不含）"))
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name = _("亲友代办")
        verbose_name_plural = _("亲友代办")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(scope__in=DelegateScope.values),
                name="a_delegates_scope_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(consent__in=Consent.values),
                name="a_delegate_has_the_learners_consent",
            ),
            models.CheckConstraint(
                condition=~models.Q(consent=Consent.SPOKEN) | ~models.Q(witness=""),
                name="a_spoken_consent_has_a_witness",
            ),
            models.CheckConstraint(
                condition=models.Q(until_date__gt=models.F("from_date")),
                name="a_delegate_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.learner}"

    @property
    def last_day(self) -> date:
        return self.until_date - timedelta(days=1)

    @property
    def is_in_force(self) -> bool:
        """Today; see DelegateQuerySet.in_force."""
        return self.revoked_at is None and self.from_date <= timezone.localdate() < self.until_date
