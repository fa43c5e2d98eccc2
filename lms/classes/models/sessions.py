"""The sessions of a class, planned or added, and who helped at them."""

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.classes.choices import SessionState
from lms.classes.models.classes import ClassGroup

#: A roll may be taken from so long before its session begins.
ROLL_OPENS_BEFORE = timedelta(minutes=30)


class ClassSessionQuerySet(models.QuerySet["ClassSession"]):
    def called(self, uid: uuid.UUID) -> Self:
        """The one that a phone calls so, whichever of two that added it."""
        return self.filter(
            models.Q(uid=uid)
            | models.Q(pk__in=AddedAgain.objects.filter(uid=uid).values("session"))
        )

    def visible_to(self, user: Visitor) -> Self:
        return self.filter(class_group__in=ClassGroup.objects.visible_to(user))

    def changeable_by(self, user: Visitor, day: date | None = None) -> Self:
        """Of those, the ones whose roll the user keeps on that day (None: today): auditors only
        read."""
        return self.filter(class_group__in=ClassGroup.objects.changeable_by(user, day))


class ClassSession(models.Model):
    """One meeting of a class (课次). `planned_at` is when the pattern put it, and never changes, so
    that planning again neither doubles a session that was moved nor revives a cancelled one."""

    #: Its name for good, in calendars too. A phone makes it for a session that is added there.
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="sessions")
    planned_at = models.DateTimeField(editable=False)
    #: Who added this one by hand; None: the weekly pattern asked for it.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: How often its time, its state or what its class is called has changed: for calendars.
    revision = models.PositiveIntegerField(default=0, editable=False)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    state = models.CharField(
        _("情况"), max_length=9, choices=SessionState.choices, default=SessionState.PLANNED
    )
    #: Why it was moved, cancelled or added; blank while it stands as planned.
    reason = models.CharField(_("改期、取消或加课的原因"), max_length=80, blank=True)
    #: For lectures, and for who came beside the names; None: not counted.
    headcount = models.PositiveIntegerField(_("人数"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ClassSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("课次")
        verbose_name_plural = _("课次")
        ordering: ClassVar = ["starts_at", "pk"]
        indexes: ClassVar = [
            # Rolls that nobody has closed are few among all that were.
            models.Index(
                fields=["starts_at"],
                condition=models.Q(state=SessionState.PLANNED),
                name="sessions_planned_by_time",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["class_group", "planned_at"],
                condition=models.Q(added_by__isnull=True),
                name="a_session_is_planned_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="a_session_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=SessionState.CANCELLED) | ~models.Q(reason=""),
                name="a_cancelled_session_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=SessionState.CLOSED, closed_at__isnull=False, closed_by__isnull=False
                )
                | models.Q(
                    ~models.Q(state=SessionState.CLOSED),
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                ),
                name="a_closed_session_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_group} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def is_planned(self) -> bool:
        """Neither cancelled, nor is its roll closed."""
        return self.state == SessionState.PLANNED

    @property
    def is_closed(self) -> bool:
        return self.state == SessionState.CLOSED

    @property
    def is_cancelled(self) -> bool:
        return self.state == SessionState.CANCELLED

    @property
    def is_moved(self) -> bool:
        return self.planned_at != self.starts_at

    @property
    def day(self) -> date:
        """By the clock on the wall."""
        return timezone.localtime(self.starts_at).date()

    @property
    def roll_opens_at(self) -> datetime:
        return self.starts_at - ROLL_OPENS_BEFORE

    @property
    def takes_marks(self) -> bool:
        """Whether it is near enough that somebody can have come: before, nothing is noted."""
        return self.roll_opens_at <= timezone.now()

    @property
    def awaits_roll(self) -> bool:
        """Whether it has begun and its roll is not closed."""
        return self.is_planned and self.starts_at <= timezone.now()


class AddedAgain(models.Model):
    """A second phone added a meeting that another had added already: by the name that the second
    made, its marks find the one session."""

    uid = models.UUIDField(unique=True)
    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="added_again")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.uid} → {self.session}"


class HelperTime(models.Model):
    """Minutes that a volunteer or helper gave at a session."""

    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="helper_times")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="helper_times"
    )
    minutes = models.PositiveSmallIntegerField(_("分钟"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "person"], name="a_helper_is_counted_once_a_session"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, 720)), name="help_lasts_1_to_720_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.minutes}"
