"""Verbs that write classes: their sessions, and who is enrolled."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import ClassroomPage
from lms.schools.choices import ClassKind, Door, EnrolmentState, ProxyScope, Role, SessionState
from lms.schools.class_days import class_days
from lms.schools.models import (
    ClassGroup,
    ClassSession,
    Enrolment,
    HelperTime,
    Learner,
    Proxy,
    Unit,
    WeeklyTime,
)
from lms.schools.models.people import people_with_role_over
from lms.schools.services.figures import settle_class, settle_sessions, withdraw_sessions


class ClassRefused(Exception):
    """A change that cannot be made; the text says why and what to do."""


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
    teachers: Collection[Any] = (),
    classroom: ClassroomPage | None = None,
    place: str = "",
    capacity: int | None = None,
) -> ClassGroup:
    """Make a class and plan its sessions. Raises ClassRefused when a teacher has no appointment
    over that unit, or when it would meet twice at a time."""
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
    teachers: Collection[Any],
    classroom: ClassroomPage | None,
    place: str,
    capacity: int | None,
) -> None:
    """Change a class. Sessions ahead follow the new pattern, unless they were moved, cancelled or
    written on; who waits moves up when there is more room. Raises ClassRefused as create_class."""
    class_group.title = title
    class_group.kind = kind
    class_group.classroom = classroom
    class_group.place = place
    class_group.capacity = capacity
    class_group.starts_on = starts_on
    class_group.ends_on = ends_on
    class_group.save()
    _set_teachers(class_group, teachers)
    _set_weekly_times(class_group, weekly_times)
    _drop_unwanted_sessions(class_group)
    plan_sessions(class_group)
    settle_class(class_group)  # the kind or the classroom may be another
    fill_places(class_group)


def _set_teachers(class_group: ClassGroup, teachers: Collection[Any]) -> None:
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
    One that was moved, cancelled, counted or marked is somebody's doing, and stays."""
    wanted = dict(_pattern(class_group, since=timezone.localdate()))
    untouched = class_group.sessions.filter(
        state=SessionState.PLANNED,
        planned_at=F("starts_at"),
        planned_at__gt=timezone.now(),
        headcount__isnull=True,
        roll_events__isnull=True,
        helper_times__isnull=True,
    )
    unwanted = [session.pk for session in untouched if session.planned_at not in wanted]
    withdraw_sessions(unwanted)
    ClassSession.objects.filter(pk__in=unwanted).delete()
    for session in untouched:
        ends_at = wanted.get(session.planned_at, session.ends_at)
        if ends_at != session.ends_at:
            session.ends_at = ends_at
            session.save(update_fields=["ends_at"])


@transaction.atomic
def plan_sessions(class_group: ClassGroup, *, since: date | None = None) -> int:
    """Make the sessions that the weekly pattern asks for from that day on (None: today), skipping
    public holidays and closing days. Those that stand already stay as they are. Returns how many
    were made."""
    planned = [
        ClassSession(class_group=class_group, planned_at=start, starts_at=start, ends_at=end)
        for start, end in _pattern(class_group, since=since or timezone.localdate())
    ]
    before = class_group.sessions.count()
    ClassSession.objects.bulk_create(planned, ignore_conflicts=True)
    new = class_group.sessions.filter(figures__isnull=True).order_by()
    settle_sessions(new.values_list("pk", flat=True))
    return class_group.sessions.count() - before


def _pattern(class_group: ClassGroup, *, since: date) -> Iterator[tuple[datetime, datetime]]:
    times: dict[int, list[WeeklyTime]] = {}
    for weekly in class_group.weekly_times.all():
        times.setdefault(weekly.weekday, []).append(weekly)
    day = max(class_group.starts_on, since)
    days = class_days(class_group.unit, day, class_group.ends_on)
    while day <= class_group.ends_on:
        if days.hold(day, class_group.unit):
            for weekly in times.get(day.isoweekday(), []):
                yield moment(day, weekly.starts_at), moment(day, weekly.ends_at)
        day += timedelta(days=1)


def moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


@transaction.atomic
def move_session(session: ClassSession, *, starts_at: datetime, reason: str) -> None:
    """Hold it at another time, as long as planned. Raises ClassRefused once the roll is closed."""
    _require_open(session)
    if not reason.strip():
        raise ClassRefused(_("请写明改期的原因。"))
    session.ends_at = starts_at + (session.ends_at - session.starts_at)
    session.starts_at = starts_at
    session.reason = reason
    session.save(update_fields=["starts_at", "ends_at", "reason"])
    settle_sessions([session.pk])


@transaction.atomic
def cancel_session(session: ClassSession, *, reason: str) -> None:
    _require_open(session)
    if not reason.strip():
        raise ClassRefused(_("请写明取消的原因。"))
    session.state = SessionState.CANCELLED
    session.reason = reason
    session.save(update_fields=["state", "reason"])
    settle_sessions([session.pk])


@transaction.atomic
def record_headcount(session: ClassSession, *, headcount: int) -> None:
    """How many were there, for a lecture or beside the names. Raises ClassRefused once closed."""
    _require_open(session)
    session.headcount = headcount
    session.save(update_fields=["headcount"])
    settle_sessions([session.pk])


def record_help(session: ClassSession, *, person: Any, minutes: int, recorded_by: Any) -> None:
    """Note the minutes that somebody helped at a session; again, to put them right. 0 takes them
    back. Raises ClassRefused when the person neither volunteers nor teaches there."""
    if minutes == 0:
        HelperTime.objects.filter(session=session, person=person).delete()
        return
    if session.state == SessionState.CANCELLED:
        raise ClassRefused(_("这次课已经取消，不能记时间。"))
    unit = session.class_group.unit
    helpers = people_with_role_over(unit, Role.VOLUNTEER, Role.TEACHER)
    if not helpers.filter(pk=person.pk).exists():
        raise ClassRefused(_("这个人不是这里的志愿者或教师。请先办任职。"))
    HelperTime.objects.update_or_create(
        session=session,
        person=person,
        defaults={"minutes": minutes, "recorded_by": recorded_by},
    )


def _require_open(session: ClassSession) -> None:
    if session.state != SessionState.PLANNED:
        raise ClassRefused(_("这次课已经点名或取消，不能再改。"))


@transaction.atomic
def enrol(
    learner: Learner,
    class_group: ClassGroup,
    *,
    door: Door,
    recorded_by: Any,
    proxy: Proxy | None = None,
) -> Enrolment:
    """Put a learner into a class, or into its queue when it is full; a second time, do nothing.

    Raises ClassRefused when the proxy is not in force or does not cover it.
    """
    if proxy is not None:
        _require_authority(proxy, learner)
    # Whoever enrols at the same moment waits here, so that the last place is given once.
    ClassGroup.objects.select_for_update().get(pk=class_group.pk)
    enrolment = Enrolment.objects.filter(class_group=class_group, learner=learner).first()
    if enrolment is not None and enrolment.state != EnrolmentState.LEFT:
        return enrolment
    state = EnrolmentState.ENROLLED if has_room(class_group) else EnrolmentState.WAITING
    enrolment, _created = Enrolment.objects.update_or_create(
        class_group=class_group,
        learner=learner,
        defaults={
            "state": state,
            "door": door,
            "recorded_by": recorded_by,
            "proxy": proxy,
            "enrolled_at": timezone.now(),
            "left_at": None,
        },
    )
    return enrolment


@transaction.atomic
def enrol_many(
    learners: Sequence[Learner], class_group: ClassGroup, *, door: Door, recorded_by: Any
) -> list[Enrolment]:
    """As enrol, for a whole list in its order: who finds no place any more waits. Returns those
    that it made or took up again, all of one moment. Five queries."""
    ClassGroup.objects.select_for_update().get(pk=class_group.pk)
    before = {enrolment.learner_id: enrolment for enrolment in class_group.enrolments.all()}
    enrolled = sum(each.state == EnrolmentState.ENROLLED for each in before.values())
    room = len(learners) if class_group.capacity is None else class_group.capacity - enrolled
    now = timezone.now()
    new: list[Enrolment] = []
    back: list[Enrolment] = []
    for learner in learners:
        enrolment = before.get(learner.pk)
        if enrolment is not None and enrolment.state != EnrolmentState.LEFT:
            continue
        enrolment = enrolment or Enrolment(class_group=class_group, learner=learner)
        enrolment.state = EnrolmentState.ENROLLED if room > 0 else EnrolmentState.WAITING
        enrolment.door, enrolment.recorded_by, enrolment.proxy = door, recorded_by, None
        enrolment.enrolled_at, enrolment.left_at = now, None
        (back if enrolment.pk else new).append(enrolment)
        room -= 1
    Enrolment.objects.bulk_create(new)
    fields = ["state", "door", "recorded_by", "proxy", "enrolled_at", "left_at"]
    Enrolment.objects.bulk_update(back, fields, batch_size=100)
    return [*back, *new]


def _require_authority(proxy: Proxy, learner: Learner) -> None:
    in_force = Proxy.objects.in_force().filter(
        pk=proxy.pk, learner=learner, scope__in=(ProxyScope.ENROL, ProxyScope.ALL)
    )
    if not in_force.exists():
        raise ClassRefused(_("这份代办授权已经到期、收回，或者不包括报名。请先重新登记。"))


def has_room(class_group: ClassGroup) -> bool:
    enrolled = class_group.enrolments.filter(state=EnrolmentState.ENROLLED).count()
    return class_group.capacity is None or enrolled < class_group.capacity


@transaction.atomic
def leave_class(enrolment: Enrolment) -> Enrolment | None:
    """Give the place up. Returns who moved up from the queue, or None."""
    class_group = ClassGroup.objects.select_for_update().get(pk=enrolment.class_group_id)
    enrolment.state = EnrolmentState.LEFT
    enrolment.left_at = timezone.now()
    enrolment.save(update_fields=["state", "left_at"])
    moved_up = fill_places(class_group)
    return moved_up[0] if moved_up else None


def fill_places(class_group: ClassGroup) -> list[Enrolment]:
    """Let those who wait move up, in their order, while there is room; returns who did. The caller
    holds the class's row or has just written it."""
    moved_up = []
    for waiting in class_group.enrolments.filter(state=EnrolmentState.WAITING):
        if not has_room(class_group):
            break
        waiting.state = EnrolmentState.ENROLLED
        waiting.save(update_fields=["state"])
        moved_up.append(waiting)
    return moved_up
