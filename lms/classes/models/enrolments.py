"""Who is in a class or waits for a place, since when, and until when."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.classes.choices import Door, EnrolmentState
from lms.classes.models.classes import ClassGroup
from lms.classes.wall_clock import day_bounds
from lms.people.models import Delegate, Learner


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def in_class_on(self, day: date) -> Self:
        """Those who had a place on that day: joined on it or before, and left on a later one."""
        _begins, ends = day_bounds(day)
        stayed = models.Q(left_at__isnull=True) | models.Q(left_at__gte=ends)
        return self.filter(stayed, joined_at__lt=ends)


class Enrolment(models.Model):
    """A learner's place in a class, or in its queue: who put it down, and through which door.
    Whoever left and comes back gets another row, so that old rolls know who was there then."""

    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="enrolments")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(max_length=8, choices=EnrolmentState.choices)
    door = models.CharField(_("报名方式"), max_length=11, choices=Door.choices)
    #: Who put it down; None when the learner did so online.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    #: The authority under which it was done for the learner; None otherwise.
    delegate = models.ForeignKey(
        Delegate, null=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    enrolled_at = models.DateTimeField(default=timezone.now)
    #: When the place was given; None for who waits for one, or left without.
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        ordering: ClassVar = ["enrolled_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["class_group", "learner"],
                condition=~models.Q(state=EnrolmentState.LEFT),
                name="a_learner_is_in_a_class_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=EnrolmentState.values),
                name="an_enrolments_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(door=Door.DELEGATE, delegate__isnull=False)
                | models.Q(~models.Q(door=Door.DELEGATE), delegate__isnull=True),
                name="an_enrolment_by_delegate_names_the_delegate",
            ),
            models.CheckConstraint(
                condition=models.Q(state=EnrolmentState.LEFT, left_at__isnull=False)
                | models.Q(~models.Q(state=EnrolmentState.LEFT), left_at__isnull=True),
                name="who_has_left_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=EnrolmentState.ENROLLED, joined_at__isnull=False)
                | models.Q(state=EnrolmentState.WAITING, joined_at__isnull=True)
                | models.Q(state=EnrolmentState.LEFT),
                name="who_has_a_place_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} · {self.class_group}"

    def was_in_class(self, day_ends: datetime) -> bool:
        """As EnrolmentQuerySet.in_class_on, of the day that ends at that moment."""
        if self.joined_at is None or self.joined_at >= day_ends:
            return False
        return self.left_at is None or self.left_at >= day_ends
