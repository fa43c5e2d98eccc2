"""Verbs that write a class's sessions: plan, move and cancel them, and note who helped."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.classes.choices import SessionState
from lms.classes.class_days import class_days
from lms.classes.models import ClassGroup, ClassSession, HelperTime, WeeklyTime
from lms.classes.services.errors import ClassRefused
from lms.classes.sums import settle_sessions
from lms.people.choices import Role
from lms.people.models import people_with_role_over


@transaction.atomic
def plan_sessions(class_group: ClassGroup, *, since: date | None = None) -> int:
    """Make the sessions that the weekly pattern asks for from that day on (None: today), skipping
    public holidays and closing days. Those that stand already stay as they are. Returns how many
    were made."""
    planned = [
        ClassSession(class_group=class_group, planned_at=start, starts_at=start, ends_at=end)
        for start, end in _pattern(class_group, since=since or timezone.localdate())
    ]
    before = set(class_group.sessions.values_list("pk", flat=True))
    ClassSession.objects.bulk_create(planned, ignore_conflicts=True)
    new = set(class_group.sessions.values_list("pk", flat=True)) - before
    settle_sessions(new)
    return len(new)


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
    require_open(session)
    if not reason.strip():
        raise ClassRefused(_("请写明改期的原因。"))
    session.ends_at = starts_at + (session.ends_at - session.starts_at)
    session.starts_at = starts_at
    session.reason = reason
    session.save(update_fields=["starts_at", "ends_at", "reason"])
    settle_sessions([session.pk])


@transaction.atomic
def cancel_session(session: ClassSession, *, reason: str) -> None:
    require_open(session)
    if not reason.strip():
        raise ClassRefused(_("请写明取消的原因。"))
    session.state = SessionState.CANCELLED
    session.reason = reason
    session.save(update_fields=["state", "reason"])
    settle_sessions([session.pk])


def record_help(session: ClassSession, *, person: User, minutes: int, recorded_by: User) -> None:
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


def require_open(session: ClassSession) -> None:
    if session.state != SessionState.PLANNED:
        raise ClassRefused(_("这次课已经点名或取消，不能再改。"))
