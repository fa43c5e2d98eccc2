"""Verbs that say on which days no class meets, and what becomes of the sessions planned there."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.classes.choices import SessionState, WhenClosed
from lms.classes.clashes import clashes_of
from lms.classes.class_days import class_days
from lms.classes.holidays import is_class_day
from lms.classes.models import CalendarDay, ClassSession, ClosingDay, WeeklyTime
from lms.classes.sums import settle_sessions
from lms.classes.wall_clock import day_bounds, moment
from lms.units.choices import Level
from lms.units.models import Unit, path_below

#: A closing may be written down afterwards, as long as the month's figures are still looked at.
DAYS_BACK = 31
DAYS_AT_ONCE = 62
#: How far behind the closing a free day is looked for.
DAYS_TO_MOVE = 60
BATCH = 500


class DaysRefused(Exception):
    """Days that cannot be closed or opened; the text says why and what to do."""


@dataclass
class ClosingOutcome:
    """What became of the sessions on these days."""

    cancelled: list[ClassSession] = field(default_factory=list)
    moved: list[ClassSession] = field(default_factory=list)
    left: list[ClassSession] = field(default_factory=list)  # somebody has written on them
    restored: list[ClassSession] = field(default_factory=list)
    planned: list[ClassSession] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)  # of those that were moved


def foresee(act: Callable[[], ClosingOutcome]) -> ClosingOutcome:
    """What a verb of this module would do: it does it in earnest and takes it back."""
    with transaction.atomic():
        outcome = act()
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def close_days(
    *, unit: Unit, first: date, last: date, reason: str, then: WhenClosed, recorded_by: User
) -> ClosingOutcome:
    """No class of the unit, or below it, meets from `first` to `last`. Its sessions there are
    cancelled or moved; one that has marks, helpers or a headcount stays as it is.

    Raises DaysRefused for days that are too many, too long ago or all closed already.
    """
    days = _days_between(first, last)
    if not reason.strip():
        raise DaysRefused(_("请写明停课的原因。"))
    if not unit.is_open:
        raise DaysRefused(_("“%(name)s”已经撤销。") % {"name": unit.name})
    known = set(ClosingDay.objects.filter(unit=unit, day__in=days).values_list("day", flat=True))
    new = [day for day in days if day not in known]
    if not new:
        raise DaysRefused(_("“%(name)s”这些天已经登记过停课。") % {"name": unit.name})
    ClosingDay.objects.bulk_create(
        ClosingDay(unit=unit, day=day, reason=reason, recorded_by=recorded_by) for day in new
    )
    return _clear(unit, new, reason=reason, then=then)


def _days_between(first: date, last: date) -> list[date]:
    if last < first:
        raise DaysRefused(_("最后一天不能早于第一天。"))
    if first < timezone.localdate() - timedelta(days=DAYS_BACK):
        raise DaysRefused(_("最早只能补登记%(days)d天以前的。") % {"days": DAYS_BACK})
    count = (last - first).days + 1
    if count > DAYS_AT_ONCE:
        raise DaysRefused(_("一次最多%(days)d天，请分几次登记。") % {"days": DAYS_AT_ONCE})
    return [first + timedelta(days=n) for n in range(count)]


@transaction.atomic
def open_days(*, unit: Unit, first: date, last: date) -> ClosingOutcome:
    """Take closing days of that unit back. Sessions that were cancelled for their sake stand
    again, and what the pattern wants besides is planned; what was moved stays where it is.

    Raises DaysRefused when none of these days is closed.
    """
    rows = list(ClosingDay.objects.filter(unit=unit, day__range=(first, last)))
    if not rows:
        raise DaysRefused(_("这些天没有登记停课，也许别人刚刚撤回了。"))
    ClosingDay.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return _fill(unit, {row.day: row.reason for row in rows})


@transaction.atomic
def correct_calendar(
    *, unit: Unit, day: date, meets: bool, reason: str, then: WhenClosed, recorded_by: User
) -> ClosingOutcome:
    """For a city or province, say of one day what the national calendar has otherwise. Raises
    DaysRefused for a unit further down, and when the calendar says the same."""
    _days_between(day, day)
    if unit.level not in (Level.CITY, Level.PROVINCE):
        raise DaysRefused(_("节假日由市里统一更正。单位自己的停课，请登记停课日。"))
    if not reason.strip():
        raise DaysRefused(_("请写明原因，例如市政府的通知。"))
    if is_class_day(day) == meets:
        words = _("%(day)s本来就照常上课。") if meets else _("%(day)s本来就放假。")
        raise DaysRefused(words % {"day": day})
    CalendarDay.objects.update_or_create(
        unit=unit,
        day=day,
        defaults={"meets": meets, "reason": reason, "recorded_by": recorded_by},
    )
    return _fill(unit, {day: ""}) if meets else _clear(unit, [day], reason=reason, then=then)


@transaction.atomic
def drop_correction(correction: CalendarDay) -> ClosingOutcome:
    """Let the national calendar hold again on that day: cancel what it does not want there, and
    hold again what the correction had cancelled."""
    unit, day = correction.unit, correction.day
    CalendarDay.objects.filter(pk=correction.pk).delete()
    if correction.meets:
        return _clear(unit, [day], reason=_("节假日"), then=WhenClosed.CANCEL)
    return _fill(unit, {day: correction.reason})


def _clear(unit: Unit, days: list[date], *, reason: str, then: WhenClosed) -> ClosingOutcome:
    """Cancel or move what is planned on days on which no class meets any more."""
    rule = class_days(unit, days[0], days[-1] + timedelta(days=DAYS_TO_MOVE))
    outcome = ClosingOutcome()
    standing = [
        session
        for session in _sessions_of(unit, days, SessionState.PLANNED)
        if not rule.hold(_day_of(session), session.class_group.unit)
    ]
    touched = _touched(standing)
    outcome.left = [session for session in standing if session.pk in touched]
    free = [session for session in standing if session.pk not in touched]
    new_days = _free_days(free, unit, days) if then == WhenClosed.MOVE else {}
    for session in free:
        session.reason = reason
        session.revision += 1
        new_day = new_days.get((session.class_group_id, _day_of(session)))
        if new_day is None:
            session.state = SessionState.CANCELLED
            outcome.cancelled.append(session)
        else:
            lasts = session.ends_at - session.starts_at
            session.starts_at = moment(new_day, timezone.localtime(session.starts_at).time())
            session.ends_at = session.starts_at + lasts
            outcome.moved.append(session)
    fields = ["state", "reason", "starts_at", "ends_at", "revision"]
    ClassSession.objects.bulk_update(free, fields, batch_size=BATCH)
    settle_sessions(session.pk for session in free)
    outcome.moved.sort(key=lambda session: (session.starts_at, session.pk))
    outcome.clashes = clashes_of(outcome.moved)
    return outcome


def _fill(unit: Unit, reasons: dict[date, str]) -> ClosingOutcome:
    """Hold again what was cancelled on these days for these reasons, and plan from today on what
    the weekly patterns want there and nobody has planned yet."""
    days = sorted(reasons)
    rule = class_days(unit, days[0], days[-1])
    outcome = ClosingOutcome()
    for session in _sessions_of(unit, days, SessionState.CANCELLED):
        day = _day_of(session)
        if session.reason == reasons[day] and rule.hold(day, session.class_group.unit):
            session.state, session.reason = SessionState.PLANNED, ""
            session.revision += 1
            outcome.restored.append(session)
    restored = ["state", "reason", "revision"]
    ClassSession.objects.bulk_update(outcome.restored, restored, batch_size=BATCH)
    wanted = [
        ClassSession(
            class_group=weekly.class_group,
            planned_at=moment(day, weekly.starts_at),
            starts_at=moment(day, weekly.starts_at),
            ends_at=moment(day, weekly.ends_at),
        )
        for day in days
        if day >= timezone.localdate()
        for weekly in _weekly_times(unit, day)
        if rule.hold(day, weekly.class_group.unit)
    ]
    planned_before = set(
        ClassSession.objects.filter(
            path_below(unit, prefix="class_group__unit__"),
            planned_at__in={session.planned_at for session in wanted},
        ).values_list("class_group", "planned_at")
    )
    outcome.planned = ClassSession.objects.bulk_create(
        [
            session
            for session in wanted
            if (session.class_group_id, session.planned_at) not in planned_before
        ],
        batch_size=BATCH,
    )
    settle_sessions(session.pk for session in [*outcome.restored, *outcome.planned])
    return outcome


def _weekly_times(unit: Unit, day: date) -> Iterable[WeeklyTime]:
    return WeeklyTime.objects.filter(
        path_below(unit, prefix="class_group__unit__"),
        weekday=day.isoweekday(),
        class_group__starts_on__lte=day,
        class_group__ends_on__gte=day,
    ).select_related("class_group__unit")


def _sessions_of(unit: Unit, days: list[date], state: SessionState) -> list[ClassSession]:
    """Those on one of the days, locked, in their order."""
    begins, ends = day_bounds(days[0])[0], day_bounds(days[-1])[1]
    sessions = (
        ClassSession.objects.filter(
            path_below(unit, prefix="class_group__unit__"),
            starts_at__gte=begins,
            starts_at__lt=ends,
            state=state,
        )
        .select_related("class_group__unit")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    wanted = set(days)
    chosen = [session for session in sessions if _day_of(session) in wanted]
    return sorted(chosen, key=lambda session: (session.starts_at, session.pk))


def _day_of(session: ClassSession) -> date:
    return timezone.localtime(session.starts_at).date()


def _touched(sessions: list[ClassSession]) -> set[int]:
    """Those that somebody has marked, counted or helped at: they were held, whatever was said."""
    written = {session.pk for session in sessions if session.headcount is not None}
    for name in ("attendance_events", "helper_times"):
        some = ClassSession.objects.filter(
            pk__in=[session.pk for session in sessions], **{f"{name}__isnull": False}
        )
        written.update(some.values_list("pk", flat=True))
    return written


def _free_days(
    sessions: list[ClassSession], unit: Unit, days: list[date]
) -> dict[tuple[int, date], date]:
    """For each class and day that falls out, the next day behind the closing on which classes
    meet and this one does not yet; none where there is none within DAYS_TO_MOVE."""
    begins = days[-1] + timedelta(days=1)
    ends = begins + timedelta(days=DAYS_TO_MOVE)
    rule = class_days(unit, begins, ends)
    taken: dict[int, set[date]] = defaultdict(set)
    others = ClassSession.objects.filter(
        class_group__in={session.class_group_id for session in sessions},
        starts_at__gte=day_bounds(begins)[0],
        starts_at__lt=day_bounds(ends)[1],
    ).exclude(state=SessionState.CANCELLED)
    for class_group, starts_at in others.values_list("class_group", "starts_at"):
        taken[class_group].add(timezone.localtime(starts_at).date())
    found: dict[tuple[int, date], date] = {}
    for session in sessions:
        key = (session.class_group_id, _day_of(session))
        day = begins
        while key not in found and day <= ends:
            if day not in taken[key[0]] and rule.hold(day, session.class_group.unit):
                found[key] = day
                taken[key[0]].add(day)
            day += timedelta(days=1)
    return found
