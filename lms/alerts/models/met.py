"""What learners met (我遇到了), and what of it may become a drill."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.alerts.choices import CameBy, FraudKind, FraudWay, MetState
from lms.alerts.models.texts import WRITES, Alert
from lms.people.models import supervised_by
from lms.units.models import Unit

OWN_WORDS_MOST = 200


class MetFraudQuerySet(models.QuerySet["MetFraud"]):
    def visible_to(self, user: Visitor) -> Self:
        """Of the units where the user is an officer or the police liaison, and below them."""
        return self.filter(supervised_by(user, prefix="unit__", roles=WRITES))

    def new(self) -> Self:
        """What nobody has looked at, the latest first."""
        return self.filter(state=MetState.NEW).order_by("-told_at", "-pk")


class MetFraud(models.Model):
    """Somebody met a fraud and said so: where, which kind, how. Never who."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("哪里"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("哪一种"), max_length=6, choices=FraudKind.choices)
    way = models.CharField(_("怎么来的"), max_length=6, choices=FraudWay.choices)
    #: In the learner's own words, or the volunteer's; blank, and blank again after MET_KEPT_DAYS.
    words = models.CharField(_("说了什么"), max_length=OWN_WORDS_MOST, blank=True)
    came_by = models.CharField(max_length=8, choices=CameBy.choices, default=CameBy.BUTTON)
    told_at = models.DateTimeField(_("时间"), default=timezone.now)
    #: The alert below which the button was; None: another page.
    alert = models.ForeignKey(Alert, null=True, on_delete=models.SET_NULL, related_name="met")
    state = models.CharField(
        _("情况"), max_length=5, choices=MetState.choices, default=MetState.NEW
    )
    #: The alert that was written of it; None: none was.
    became = models.ForeignKey(Alert, null=True, on_delete=models.SET_NULL, related_name="made_of")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    handled_at = models.DateTimeField(null=True)

    objects = MetFraudQuerySet.as_manager()

    class Meta:
        verbose_name = _("我遇到了")
        verbose_name_plural = _("我遇到了")
        ordering: ClassVar = ["-told_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["told_at"], name="met_frauds_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=FraudKind.values,
                    way__in=FraudWay.values,
                    came_by__in=CameBy.values,
                    state__in=MetState.values,
                ),
                name="a_met_fraud_says_what_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=MetState.NEW, handled_by__isnull=True, handled_at__isnull=True
                )
                | models.Q(
                    ~models.Q(state=MetState.NEW),
                    handled_by__isnull=False,
                    handled_at__isnull=False,
                ),
                name="a_met_fraud_that_was_seen_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_way_display()}"


class DrillIdea(models.Model):
    """A note to the editors: this may become an item of a drill. In an officer's words, since the
    learner's stay with the unit."""

    kind = models.CharField(_("哪一种"), max_length=6, choices=FraudKind.choices)
    way = models.CharField(_("怎么来的"), max_length=6, choices=FraudWay.choices)
    words = models.CharField(_("骗子怎么说、怎么做"), max_length=OWN_WORDS_MOST)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("谁留的"),
    )
    noted_at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    used = models.BooleanField(_("已经做成练习"), default=False)

    class Meta:
        verbose_name = _("可以做成练习的")
        verbose_name_plural = _("可以做成练习的")
        ordering: ClassVar = ["used", "-noted_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=FraudKind.values, way__in=FraudWay.values),
                name="a_drill_idea_says_what_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(words=""), name="a_drill_idea_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.words[:30]
