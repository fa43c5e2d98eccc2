"""Classes, their weekly pattern, the sessions that come of it, who is enrolled, and on which days
no class meets."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import ClassroomPage
from lms.accounts.access import Visitor
from lms.classes.choices import ClassKind, Door, EnrolmentState, SessionState, Weekday
from lms.people.choices import SUPERVISES, Role
from lms.people.models import Delegate, Learner, administered_by, units_by_role
from lms.units.models import Unit, path_below


class ClassGroupQuerySet(models.QuerySet["ClassGroup"]):
    def visible_to(self, user: Visitor) -> Self:
        """Classes of the units that the user supervises, and those that the user teaches: is down
        for, and is a teacher over the class's unit today."""
        return self._open_to(user, SUPERVISES)

    def changeable_by(self, user: Visitor, day: date | None = None) -> Self:
        """Of those, the ones whose roll and learners the user keeps: auditors only read. On that
        day; None means today."""
        return self._open_to(user, (Role.OFFICER,), day)

    def _open_to(self, user: Visitor, roles: Sequence[Role], day: date | None = None) -> Self:
        """Without a join, which would double rows: a class may have several teachers."""
        if not user.is_authenticated:  # or "taught by nobody" would be theirs
            return self.none()
        if user.is_superuser:
            return self.all()
        held = units_by_role(user, day)
        over = path_below(*(unit for role in roles for unit in held[role]), prefix="unit__")
        down_for = ClassGroup.teachers.through.objects.filter(
            classgroup=models.OuterRef("pk"), user=user.pk
        )
        teaches = path_below(*held[Role.TEACHER], prefix="unit__") & models.Exists(down_for)
        return self.filter(over | teaches)

    def managed_by(self, user: Visitor) -> Self:
        """Of those, the ones that the user may set up: teachers keep a class, officers make it."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(administered_by(user, prefix="unit__"))


class ClassGroup(models.Model):
    """A class (班级) of any of the five kinds. A lecture has a headcount and no roll."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("村居"), on_delete=models.PROTECT, related_name="class_groups"
    )
    title = models.CharField(_("班名"), max_length=60)
    kind = models.CharField(
        _("形式"), max_length=8, choices=ClassKind.choices, default=ClassKind.VILLAGE_CLASS
    )
    classroom = models.ForeignKey(
        ClassroomPage,
        verbose_name=_("课堂"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    teachers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("教师"), blank=True, related_name="class_groups"
    )
    place = models.CharField(_("地点"), max_length=80, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("最多几人"),
        null=True,
        blank=True,
        help_text=_("不填就是不限。满了以后报名的人排队等候。"),
    )
    starts_on = models.DateField(_("开班日期"))
    ends_on = models.DateField(_("结束日期"))

    objects = ClassGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("班级")
        verbose_name_plural = _("班级")
        ordering: ClassVar = ["-starts_on", "title"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ClassKind.values), name="a_classs_kind_is_a_known_one"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="a_class_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True) | models.Q(capacity__gt=0),
                name="a_class_has_room_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_lecture(self) -> bool:
        """Heads are counted, and no names called."""
        return self.kind == ClassKind.LECTURE


class WeeklyTime(models.Model):
    """One weekday on which a class meets; a class may have several."""

    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.CASCADE, related_name="weekly_times"
    )
    weekday = models.PositiveSmallIntegerField(_("星期"), choices=Weekday.choices)
    starts_at = models.TimeField(_("开始"))
    ends_at = models.TimeField(_("结束"))

    class Meta:
        ordering: ClassVar = ["weekday", "starts_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(weekday__range=(1, 7)), name="a_weekly_time_is_on_a_weekday"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="a_weekly_time_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["class_group", "weekday", "starts_at"],
                name="a_class_meets_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


class ClosingDay(models.Model):
    """A day on which a unit and all below it hold no class."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="closing_days")
    day = models.DateField(_("日期"))
    reason = models.CharField(_("原因"), max_length=60)
    #: None: from before this was kept.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "day"], name="a_unit_closes_once_on_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.day}: {self.reason}"


class ClassSessionQuerySet(models.QuerySet["ClassSession"]):
    def visible_to(self, user: Visitor) -> Self:
        return self.filter(class_group__in=ClassGroup.objects.visible_to(user))

    def changeable_by(self, user: Visitor, day: date | None = None) -> Self:
        """Of those, the ones whose roll the user keeps on that day (None: today): auditors only
        read."""
        return self.filter(class_group__in=ClassGroup.objects.changeable_by(user, day))


class ClassSession(models.Model):
    """One meeting of a class (课次). `planned_at` is when the pattern put it, and never changes, so
    that planning again neither doubles a session that was moved nor revives a cancelled one."""

    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="sessions")
    planned_at = models.DateTimeField(editable=False)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    state = models.CharField(
        _("情况"), max_length=9, choices=SessionState.choices, default=SessionState.PLANNED
    )
    #: Why it was moved or cancelled; blank while it stands as planned.
    reason = models.CharField(_("改期或取消的原因"), max_length=80, blank=True)
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
                fields=["class_group", "planned_at"], name="a_session_is_planned_once"
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
    def awaits_roll(self) -> bool:
        """Whether it has begun and its roll is not closed."""
        return self.is_planned and self.starts_at <= timezone.now()


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


class Enrolment(models.Model):
    """A learner's place in a class, or in its queue: who put it down, and through which door."""

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
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        ordering: ClassVar = ["enrolled_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["class_group", "learner"], name="a_learner_is_in_a_class_once"
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
        ]

    def __str__(self) -> str:
        return f"{self.learner} · {self.class_group}"


class CalendarDay(models.Model):
    """A day on which the national calendar does not hold for a city and all below it."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="calendar_days")
    day = models.DateField(_("日期"))
    #: Whether classes meet on it, whatever the calendar says. Closing days still close.
    meets = models.BooleanField(_("上课"))
    reason = models.CharField(_("原因"), max_length=60)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "day"], name="a_unit_says_once_what_a_day_is"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_calendar_day_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.day}: {self.reason}"


class CalendarKey(models.Model):
    """How often somebody has asked for a new calendar address; the old ones are void."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key"
    )
    turn = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.person} {self.turn}"
