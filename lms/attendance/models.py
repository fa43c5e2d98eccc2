"""The roll: append-only events, and the record that they add up to."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.attendance.choices import AttendanceStatus, SessionChangeKind
from lms.classes.models import ClassSession
from lms.people.models import Delegate, Learner


class Device(models.Model):
    """A phone or page that keeps a roll; it makes its own id."""

    id = models.UUIDField(primary_key=True, editable=False)
    #: What to add to its clock to have ours; nothing while it is right within two minutes. Kept
    #: until it is clearly another, so that the network's delays never change the order of events.
    clock_offset = models.DurationField(default=timedelta)
    last_seen_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.id)


class AttendanceEvent(models.Model):
    """Somebody marked somebody. Never changed, never deleted; `id` is made on the device, so that
    sending twice is harmless.

    `device_time` is what the device's clock said; `marked_at` is the same moment by our clock, and
    decides which of two marks is the later one (ties by id).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()  # counted by the device, from 1
    session = models.ForeignKey(
        ClassSession, on_delete=models.PROTECT, related_name="attendance_events"
    )
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="attendance_events")
    status = models.CharField(max_length=10, choices=AttendanceStatus.choices)
    device_time = models.DateTimeField()
    marked_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    delegate = models.ForeignKey(Delegate, null=True, on_delete=models.PROTECT, related_name="+")
    #: Why a mark was changed after its session had closed; blank before that.
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "sequence"], name="a_device_counts_each_event_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=AttendanceStatus.values),
                name="an_events_status_is_a_known_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["session", "learner"], name="attendance_event_by_session"),
        ]

    def __str__(self) -> str:
        return f"{self.learner} {self.get_status_display()} ({self.marked_at})"


class AttendanceRecord(models.Model):
    """What the events of one learner at one session add up to now: the latest of them.

    A learner without a row is unmarked, which is not absent. `differs` tells that two people have
    marked differently, and is shown to both.
    """

    session = models.ForeignKey(
        ClassSession, on_delete=models.CASCADE, related_name="attendance_records"
    )
    learner = models.ForeignKey(
        Learner, on_delete=models.PROTECT, related_name="attendance_records"
    )
    event = models.OneToOneField(AttendanceEvent, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("出勤"), max_length=10, choices=AttendanceStatus.choices)
    differs = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "learner"], name="a_learner_has_one_record_a_session"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=AttendanceStatus.values),
                name="a_records_status_is_a_known_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} {self.get_status_display()}"


class HeadcountCorrection(models.Model):
    """The headcount of a closed session was put right. Never changed, never deleted."""

    session = models.ForeignKey(
        ClassSession, on_delete=models.CASCADE, related_name="headcount_corrections"
    )
    was = models.PositiveIntegerField(null=True)  # None: not counted
    headcount = models.PositiveIntegerField()
    reason = models.CharField(max_length=80)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-recorded_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="a_corrected_headcount_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.was} → {self.headcount}"


class SessionChange(models.Model):
    """A session was moved, called off or restored, its roll opened again, or it was said not to
    have been held. Never changed, never deleted. Who closed it and when stands on the session, and
    comes here when that is undone; a closing day itself says who ordered it."""

    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=SessionChangeKind.choices)
    reason = models.CharField(max_length=80, blank=True)  # blank only for a closing
    #: When it was to begin before it was moved; None for everything else.
    moved_from = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-recorded_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind=SessionChangeKind.CLOSED) | ~models.Q(reason=""),
                name="a_changed_session_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.get_kind_display()}"
