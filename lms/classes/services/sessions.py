"""Verbs that write a class's sessions: plan, add, move and cancel them, and note who helped."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.classes.choices import SessionState
from lms.classes.clashes import LONGEST
from lms.classes.class_days import class_days
from lms.classes.models import AddedAgain, ClassGroup, ClassSession, HelperTime, WeeklyTime
from lms.classes.services.errors import ClassRefused
from lms.classes.sums import settle_sessions
from lms.classes.wall_clock import moment
from lms.people.choices import Role
from lms.people.models import people_with_role_over

#: How far from today a single session may be added.
FURTHEST = timedelta(days=366)


@transaction.atomic
def plan_sessions(class_group: ClassGroup, *, since: date | None = None) -> int:
    """Make the sessions that the weekly pattern asks for from that day on (None: today), skipping
    public holidays and closing days. Those that stand already stay as they are. Returns how many
    were made."""
    added = class_group.sessions.filter(added_by__isnull=False)
    there = set(added.values_list("starts_at", flat=True))
    planned = [
        ClassSession(class_group=class_group, planned_at=start, starts_at=start, ends_at=end)
        for start, end in _pattern(class_group, since=since or timezone.localdate())
        if start not in there
    ]
    before = set(class_group.sessions.values_list("pk", flat=True))
    ClassSession.objects.bulk_create(planned, ignore_conflicts=True)
    new = set(class_group.sessions.values_list("pk", flat=True)) - before
    settle_sessions(new)
    return len(new)


def require_some(class_group: ClassGroup) -> None:
    """Raises ClassRefused when the class has a weekly pattern that makes no session at all, and
    says why. One without a pattern has its sessions added singly."""
    weekdays = {weekly.weekday: weekly for weekly in class_group.weekly_times.all()}
    if not weekdays or next(_pattern(class_group, since=class_group.starts_on), None):
        return
    names = "、".join(weekdays[key].get_weekday_display() for key in sorted(weekdays))
    days = (class_group.ends_on - class_group.starts_on).days + 1
    meant = {(class_group.starts_on + timedelta(days=n)).isoweekday() for n in range(min(days, 7))}
    said = {"names": names, "first": class_group.starts_on, "last": class_group.ends_on}
    if not meant & weekdays.keys():
        raise ClassRefused(
            _("从%(first)s到%(last)s没有%(names)s，一次课也排不出来。请改日期或星期。") % said
        )
    raise ClassRefused(
        _("从%(first)s到%(last)s，%(names)s都是节假日或停课日，一次课也排不出来。请改日期或星期。")
        % said
    )


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


@transaction.atomic
def add_session(
    class_group: ClassGroup,
    *,
    starts_at: datetime,
    ends_at: datetime,
    added_by: User,
    reason: str = "",
    uid: uuid.UUID | None = None,
) -> ClassSession:
    """One meeting that the weekly pattern does not ask for, past or to come. A phone gives the
    `uid` that it made, so that the same one sent twice is one session; so are two that two phones
    add for the same hours. Raises ClassRefused for
    hours that cannot be, and for a uid that is another class's."""
    if uid is not None:
        # Another phone that adds it at this moment waits here.
        ClassGroup.objects.select_for_update(no_key=True).get(pk=class_group.pk)
        if known := _added_already(class_group, uid, starts_at, ends_at, added_by):
            return known
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise ClassRefused(_("结束要晚于开始，一次课最长12小时。"))
    if abs(starts_at - timezone.now()) > FURTHEST:
        raise ClassRefused(_("只能加前后一年以内的课。"))
    session = ClassSession.objects.create(
        uid=uid or uuid.uuid4(),
        class_group=class_group,
        planned_at=starts_at,
        starts_at=starts_at,
        ends_at=ends_at,
        added_by=added_by,
        reason=reason.strip(),
    )
    settle_sessions([session.pk])
    return session


def _added_already(
    class_group: ClassGroup, uid: uuid.UUID, starts_at: datetime, ends_at: datetime, by: User
) -> ClassSession | None:
    """The session that the phone means, if it is there: sent before, or added by another phone or
    by hand for the same hours. What the pattern planned for them is another one. Raises
    ClassRefused for a uid that is another class's."""
    known = ClassSession.objects.called(uid).first()
    if known is not None:
        if known.class_group_id != class_group.pk:
            raise ClassRefused(_("这次课的编号已经用过了。"))
        return known
    added = class_group.sessions.filter(
        added_by__isnull=False, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    same = added.exclude(state=SessionState.CANCELLED).order_by("starts_at", "pk").first()
    if same is not None:
        AddedAgain.objects.create(uid=uid, session=same, added_by=by)
    return same


@transaction.atomic
def move_session(session: ClassSession, *, starts_at: datetime, reason: str) -> None:
    """Hold it at another time, as long as planned. Raises ClassRefused once the roll is closed."""
    require_open(session)
    if not reason.strip():
        raise ClassRefused(_("请写明改期的原因。"))
    session.ends_at = starts_at + (session.ends_at - session.starts_at)
    session.starts_at = starts_at
    session.reason = reason
    session.revision += 1
    session.save(update_fields=["starts_at", "ends_at", "reason", "revision"])
    settle_sessions([session.pk])


@transaction.atomic
def cancel_session(session: ClassSession, *, reason: str) -> None:
    require_open(session)
    if not reason.strip():
        raise ClassRefused(_("请写明取消的原因。"))
    session.state = SessionState.CANCELLED
    session.reason = reason
    session.revision += 1
    session.save(update_fields=["state", "reason", "revision"])
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
