"""What is said on the screens of a unit and all below it, until its end."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.alerts.choices import AlertState, EmergencyKind, FraudKind
from lms.people.choices import Role
from lms.people.models import administered_by, supervised_by, supervised_units
from lms.units.models import Unit, path_below
from media.models import Narration

#: Who writes warnings of frauds, and reads what learners met. Emergencies are officers' alone.
WRITES = (Role.OFFICER, Role.LIAISON)


def writes_alerts(user: Visitor) -> bool:
    """Whether the user writes warnings of frauds for some unit."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or bool(supervised_units(user, roles=WRITES))


class UnitText(models.Model):
    """For a unit and all below it, from one moment to another. One person writes it, and another
    one looks at it before it is public."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("给哪里看"), on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("标题"), max_length=20)
    state = models.CharField(
        _("情况"), max_length=9, choices=AlertState.choices, default=AlertState.WAITING
    )
    starts_at = models.DateTimeField(_("从"), default=timezone.now)
    ends_at = models.DateTimeField(_("到"))
    #: Who wrote what stands there now: who changes it is its writer from then on.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    #: The sound of it; None: nobody has asked for one.
    narration = models.ForeignKey(Narration, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        return self.state == AlertState.WAITING

    @property
    def last_moment(self) -> datetime:
        """Of the last day on which it is shown, where it ends at a midnight."""
        return self.ends_at - timedelta(seconds=1)

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def is_live(self) -> bool:
        """On the screens now."""
        return self.state == AlertState.PUBLIC and self.starts_at <= timezone.now() < self.ends_at

    @property
    def words_aloud(self) -> str:
        """All of it, a sentence a line, as it is read."""
        raise NotImplementedError

    @property
    def sound(self) -> str:
        """Address of the sound that says it; blank while there is none."""
        narration = self.narration
        if narration is None or not narration.reads_the_text:
            return ""
        return str(narration.audio.url)


class AlertQuerySet(models.QuerySet["Alert"]):
    def changeable_by(self, user: Visitor) -> Self:
        """For the units where the user is an officer or the police liaison, and below them."""
        return self.filter(supervised_by(user, prefix="unit__", roles=WRITES))

    def live(self, now: datetime | None = None) -> Self:
        """On the screens at that moment, the newest first; None means now."""
        now = now or timezone.now()
        live = self.filter(state=AlertState.PUBLIC, starts_at__lte=now, ends_at__gt=now)
        return live.order_by("-starts_at", "-pk")

    def to_confirm(self, user: Visitor) -> Self:
        """What waits for this user, who did not write it."""
        return self.changeable_by(user).filter(state=AlertState.WAITING).exclude(written_by=user.pk)


class Alert(UnitText):
    """A warning of a fraud (防骗提醒), in the form that every lesson uses."""

    kind = models.CharField(_("哪一种"), max_length=6, choices=FraudKind.choices)
    says = models.CharField(_("骗子怎么说"), max_length=100)
    todo = models.CharField(_("您怎么办"), max_length=100)
    calls = models.CharField(_("打哪个电话"), max_length=30, default="96110")

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("防骗提醒")
        verbose_name_plural = _("防骗提醒")
        ordering: ClassVar = ["-starts_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_at"], condition=models.Q(state="public"), name="alerts_by_end"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=AlertState.values), name="an_alerts_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=FraudKind.values), name="an_alerts_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="an_alert_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=AlertState.PUBLIC)
                | models.Q(
                    ~models.Q(confirmed_by=models.F("written_by")),
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                ),
                name="a_public_alert_was_seen_by_a_second_person",
            ),
        ]

    @property
    def words_aloud(self) -> str:
        parts = (
            f"{self.title}。",
            gettext("骗子怎么说？%(words)s") % {"words": self.says},
            gettext("您怎么办？%(words)s") % {"words": self.todo},
            gettext("打电话：%(numbers)s。") % {"numbers": self.calls},
        )
        return "\n".join(parts)


class EmergencyNoticeQuerySet(models.QuerySet["EmergencyNotice"]):
    def changeable_by(self, user: Visitor) -> Self:
        """For the units where the user is an officer, and below them."""
        return self.filter(administered_by(user, prefix="unit__"))

    def live(self, now: datetime | None = None) -> Self:
        """On the screens at that moment, the newest first; None means now."""
        now = now or timezone.now()
        live = self.filter(state=AlertState.PUBLIC, starts_at__lte=now, ends_at__gt=now)
        return live.order_by("-starts_at", "-pk")

    def to_confirm(self, user: Visitor) -> Self:
        """What waits for this user, who did not write it, and is not over."""
        waiting = self.changeable_by(user).filter(
            state=AlertState.WAITING, ends_at__gt=timezone.now()
        )
        return waiting.exclude(written_by=user.pk)

    def alone(self) -> Self:
        """Made public by who wrote it."""
        return self.exclude(alone_reason="")

    def unseen_from_above(self, user: Visitor) -> Self:
        """Made public by somebody else alone, below a unit where the user is an officer, and not
        looked at from above yet; all of them, for superusers."""
        unseen = self.alone().exclude(events__act="seen").exclude(written_by=user.pk)
        if user.is_authenticated and user.is_superuser:
            return unseen
        below = models.Q(pk__in=[])
        for unit in supervised_units(user, roles=(Role.OFFICER,)):
            below |= path_below(unit, prefix="unit__") & models.Q(unit__depth__gt=unit.depth)
        return unseen.filter(below)


class EmergencyNotice(UnitText):
    """An emergency (突发事件): takes the first screen, reads itself aloud, and ends by itself."""

    kind = models.CharField(_("哪一种"), max_length=7, choices=EmergencyKind.choices)
    todo = models.CharField(_("请大家怎么做"), max_length=100)
    shelter = models.CharField(_("到哪里避险"), max_length=40)
    telephone = models.CharField(_("打哪个电话"), max_length=20)
    #: Why nobody else looked at it; blank: somebody did, or has to.
    alone_reason = models.CharField(_("为什么来不及"), max_length=80, blank=True)

    objects = EmergencyNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("紧急通知")
        verbose_name_plural = _("紧急通知")
        ordering: ClassVar = ["-starts_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_at"], condition=models.Q(state="public"), name="emergencies_by_end"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=AlertState.values),
                name="an_emergencys_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=EmergencyKind.values),
                name="an_emergencys_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="an_emergency_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=AlertState.PUBLIC)
                | ~models.Q(alone_reason="")
                | models.Q(
                    ~models.Q(confirmed_by=models.F("written_by")),
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                ),
                name="a_public_emergency_has_a_second_person_or_a_reason",
            ),
        ]

    @property
    def words_aloud(self) -> str:
        parts = (
            gettext("紧急通知。"),
            f"{self.title}。",
            self.todo,
            gettext("避险的地方：%(place)s。") % {"place": self.shelter},
            gettext("电话：%(number)s。") % {"number": self.telephone},
        )
        return "\n".join(parts)
