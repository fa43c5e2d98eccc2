"""A class, who teaches it, who may see it, and on which weekdays it meets."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ClassroomPage
from lms.accounts.access import Visitor
from lms.classes.choices import ClassKind, Weekday
from lms.people.choices import SUPERVISES, Role
from lms.people.models import UnitsByRole, administered_by, units_by_role
from lms.units.models import Unit, path_below


class ClassGroupQuerySet(models.QuerySet["ClassGroup"]):
    def visible_to(self, user: Visitor) -> Self:
        """Classes of the units that the user supervises, and those that the user teaches: is down
        for, and is a teacher over the class's unit today."""
        return self._open_to(user, SUPERVISES)

    def changeable_by(
        self, user: Visitor, day: date | None = None, *, held: UnitsByRole | None = None
    ) -> Self:
        """Of those, the ones whose roll and learners the user keeps: auditors only read. On that
        day; None means today. held: the user's roles then, if they are known already."""
        return self._open_to(user, (Role.OFFICER,), day, held)

    def _open_to(
        self,
        user: Visitor,
        roles: Sequence[Role],
        day: date | None = None,
        held: UnitsByRole | None = None,
    ) -> Self:
        """Without a join, which would double rows: a class may have several teachers."""
        if not user.is_authenticated:  # or "taught by nobody" would be theirs
            return self.none()
        if user.is_superuser:
            return self.all()
        held = units_by_role(user, day) if held is None else held
        over = path_below(*(unit for role in roles for unit in held[role]), prefix="unit__")
        down_for = ClassGroup.teachers.through.objects.filter(
            classgroup=models.OuterRef("pk"), user=user.pk
        )
        teaches = path_below(*held[Role.TEACHER], prefix="unit__") & models.Exists(down_for)
        return self.filter(over | teaches)

    def managed_by(self, user: Visitor) -> Self:
        """Of those, the ones of units whose officer the user is."""
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
