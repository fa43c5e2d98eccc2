"""Verbs that set a class up and change it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import ClassroomPage
from lms.accounts.models import User
from lms.classes.choices import ClassKind, SessionState
from lms.classes.models import ClassGroup, ClassSession, WeeklyTime
from lms.classes.services.enrolments import fill_places
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import _pattern, plan_sessions, require_some
from lms.classes.sums import settle_class, withdraw_sessions
from lms.people.choices import Role
from lms.people.models import RoleAssignment, people_with_role_over
from lms.units.models import Unit, path_below


@dataclass(frozen=True, order=True)
class MeetingTime:
    """A weekday (as date.isoweekday()) and hours at which a class meets."""

    weekday: int
    starts_at: time
    ends_at: time


@transaction.atomic
def create_class(
    *,
    unit: Unit,
    title: str,
    kind: ClassKind,
    starts_on: date,
    ends_on: date,
    weekly_times: Sequence[MeetingTime],
    teachers: Collection[User] = (),
    classroom: ClassroomPage | None = None,
    place: str = "",
    capacity: int | None = None,
) -> ClassGroup:
    """Make a class and plan its sessions. Raises ClassRefused when a teacher is no teacher
    over that unit, when it would meet twice at a time, and when the pattern makes no session."""
    class_group = ClassGroup.objects.create(
        unit=unit,
        title=title,
        kind=kind,
        classroom=classroom,
        place=place,
        capacity=capacity,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _set_teachers(class_group, teachers)
    _set_weekly_times(class_group, weekly_times)
    require_some(class_group)
    plan_sessions(class_group)
    return class_group


@transaction.atomic
def update_class(
    class_group: ClassGroup,
    *,
    title: str,
    kind: ClassKind,
    starts_on: date,
    ends_on: date,
    weekly_times: Sequence[MeetingTime],
    teachers: Collection[User],
    classroom: ClassroomPage | None,
    place: str,
    capacity: int | None,
) -> None:
    """Change a class. Sessions ahead follow the new pattern, unless they were moved, cancelled or
    written on; who waits moves up when there is more room. Raises ClassRefused as create_class."""
    shown = (class_group.title, class_group.place)  # in calendars
    class_group.title = title
    class_group.kind = kind
    class_group.classroom = classroom
    class_group.place = place
    class_group.capacity = capacity
    class_group.starts_on = starts_on
    class_group.ends_on = ends_on
    class_group.save()
    if (title, place) != shown:
        class_group.sessions.update(revision=F("revision") + 1)
    _set_teachers(class_group, teachers)
    _set_weekly_times(class_group, weekly_times)
    require_some(class_group)
    _drop_unwanted_sessions(class_group)
    plan_sessions(class_group)
    settle_class(class_group)  # the kind or the classroom may be another
    fill_places(class_group)


def _set_teachers(class_group: ClassGroup, teachers: Collection[User]) -> None:
    appointed = {person.pk for person in people_with_role_over(class_group.unit, Role.TEACHER)}
    before = set(class_group.teachers.values_list("pk", flat=True))
    for teacher in teachers:
        if teacher.pk not in appointed | before:
            raise ClassRefused(
                _("%(name)s不是这里的教师。请先办任职。")
                % {"name": teacher.get_full_name() or teacher.get_username()}
            )
    class_group.teachers.set(teachers)


def _set_weekly_times(class_group: ClassGroup, weekly_times: Sequence[MeetingTime]) -> None:
    if len({(weekly.weekday, weekly.starts_at) for weekly in weekly_times}) < len(weekly_times):
        raise ClassRefused(_("同一天同一个时间写了两遍，请删去一行。"))
    class_group.weekly_times.all().delete()
    WeeklyTime.objects.bulk_create(
        WeeklyTime(
            class_group=class_group,
            weekday=weekly.weekday,
            starts_at=weekly.starts_at,
            ends_at=weekly.ends_at,
        )
        for weekly in sorted(weekly_times)
    )


def _drop_unwanted_sessions(class_group: ClassGroup) -> None:
    """Take back the sessions ahead that the pattern no longer asks for, and right the others' end.
    One that was added, moved, cancelled, counted or marked is somebody's doing, and stays."""
    wanted = dict(_pattern(class_group, since=timezone.localdate()))
    untouched = class_group.sessions.filter(
        state=SessionState.PLANNED,
        planned_at=F("starts_at"),
        planned_at__gt=timezone.now(),
        added_by__isnull=True,
        changes__isnull=True,
        headcount__isnull=True,
        attendance_events__isnull=True,
        helper_times__isnull=True,
    )
    unwanted = [session.pk for session in untouched if session.planned_at not in wanted]
    withdraw_sessions(unwanted)
    ClassSession.objects.filter(pk__in=unwanted).delete()
    for session in untouched:
        ends_at = wanted.get(session.planned_at, session.ends_at)
        if ends_at != session.ends_at:
            session.ends_at = ends_at
            session.revision += 1
            session.save(update_fields=["ends_at", "revision"])


def hand_over_classes(role: RoleAssignment, *, successor: User, at_once: bool) -> None:
    """The classes that somebody teaches by that role, and that go on, are the successor's as well;
    and no longer the other's, once the role is over. Within the caller's transaction."""
    if role.role != Role.TEACHER:
        return
    taught = ClassGroup.objects.filter(
        path_below(role.unit, prefix="unit__"),
        teachers=role.person_id,
        ends_on__gte=timezone.localdate(),
    )
    for class_group in taught:
        class_group.teachers.add(successor)
        if at_once:
            class_group.teachers.remove(role.person_id)
