"""Lines about the roll. What a phone's event may do, an event that came by a box may too, and no
more (lms.attendance.services.events)."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.attendance.choices import EventOutcome
from lms.attendance.models import AttendanceEvent, Device
from lms.attendance.services.closing import RollRefused, close_session
from lms.attendance.services.events import (
    Incoming,
    event_id,
    keep_events,
    outcome_of,
)
from lms.boxes.choices import HeldState, LineKind
from lms.boxes.lines import ClosingLine, EventLine, SessionLine
from lms.boxes.models import Arrived, VillageBox
from lms.boxes.refusals import LineRefused, LineWaits
from lms.boxes.services.people import class_of, learners_called, person_called
from lms.classes.choices import SessionState
from lms.classes.models import AddedAgain, ClassGroup, ClassSession, Enrolment
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import add_session
from lms.classes.sums import settle_sessions
from lms.people.models import Learner

Place = tuple[int, int]
Held = tuple[Place, HeldState, str]


def sessions_called(box: VillageBox, uids: set[uuid.UUID]) -> dict[uuid.UUID, ClassSession]:
    """Of the box's classes, locked until the transaction ends."""
    again = dict(AddedAgain.objects.filter(uid__in=uids).values_list("uid", "session"))
    mine = ClassSession.objects.filter(class_group__unit__path__startswith=box.unit.path)
    rows = mine.filter(uid__in=uids) | mine.filter(pk__in=again.values())
    locked = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    found = {row.uid: row for row in locked.values()}
    return found | {uid: locked[key] for uid, key in again.items() if key in locked}


def take_session(box: VillageBox, line: SessionLine) -> None:
    """A meeting that was added on the box; the same one, or one of the same hours, is one."""
    group = class_of(box, line.class_group)
    by = person_called(line.added_by)
    if by is None:
        raise LineRefused(_("市里没有加这次课的人的账号。"))
    if not _kept_by(by, timezone.localdate(line.starts_at)).filter(pk=group.pk).exists():
        raise LineRefused(_("加这次课的人不管这个班。"))
    try:
        session = add_session(
            group, uid=line.id, starts_at=line.starts_at, ends_at=line.ends_at, added_by=by
        )
    except ClassRefused as why:
        raise LineRefused(str(why)) from None
    if line.headcount is not None and session.headcount is None and not session.is_closed:
        ClassSession.objects.filter(pk=session.pk).update(headcount=line.headcount)
        settle_sessions([session.pk])


def _kept_by(user: User, day: date) -> Any:
    """Classes whose roll the user keeps today, or kept on that day: what was taken without a line
    is handed over after a role has ended too."""
    kept = ClassGroup.objects.changeable_by(user)
    return (
        kept if day >= timezone.localdate() else kept | ClassGroup.objects.changeable_by(user, day)
    )


def take_closing(box: VillageBox, line: ClosingLine) -> None:
    """The roll was ended there; the city ends it too as soon as nobody is unmarked here."""
    session = sessions_called(box, {line.id}).get(line.id)
    if session is None:
        raise LineWaits(_("还没有这次课，等它到了再收。"))
    if session.is_closed:
        return  # whoever was first
    by = person_called(line.closed_by)
    if by is None:
        raise LineRefused(_("市里没有结束点名的人的账号。"))
    if (
        not _kept_by(by, timezone.localdate(line.closed_at))
        .filter(pk=session.class_group_id)
        .exists()
    ):
        raise LineRefused(_("结束点名的人不管这个班。"))
    if session.state == SessionState.CANCELLED:
        raise LineRefused(EventOutcome.CANCELLED.label)
    try:
        close_session(session, closed_by=by, headcount=line.headcount)
    except RollRefused as why:
        raise LineWaits(str(why)) from None
    if session.roll_opens_at < line.closed_at < timezone.now():
        ClassSession.objects.filter(pk=session.pk).update(closed_at=line.closed_at)


def take_events(box: VillageBox, lines: Mapping[Place, EventLine]) -> Iterator[Held]:
    """Store what can be. Yields the others, each with why."""
    return iter(_Events(box, lines).take())


class _Events:
    """Events under way: what is known of all of them, asked in a few queries."""

    def __init__(self, box: VillageBox, lines: Mapping[Place, EventLine]) -> None:
        self.box, self.lines = box, lines
        self.sessions = sessions_called(box, {line.session for line in lines.values()})
        self.learners = learners_called(box, {line.learner for line in lines.values()})
        self.people = {
            user.username: user
            for user in User.objects.filter(username__in={line.by for line in lines.values()})
        }
        self.enrolled = self._enrolled()
        ids = {line.id for line in lines.values()}
        self.known = set(AttendanceEvent.objects.filter(pk__in=ids).values_list("pk", flat=True))
        devices = {line.device for line in lines.values()}
        self.counted = {
            (device, sequence): key
            for device, sequence, key in AttendanceEvent.objects.filter(
                device__in=devices, sequence__in={line.seq for line in lines.values()}
            ).values_list("device", "sequence", "pk")
        }
        self.kept: dict[tuple[int, date], set[int]] = {}

    def _enrolled(self) -> set[tuple[int, int]]:
        """Class and learner; those who have left count, since they may have been there then."""
        rows = Enrolment.objects.filter(
            class_group__in={session.class_group_id for session in self.sessions.values()},
            learner__in={learner.stands_as for learner in self.learners.values()},
            joined_at__isnull=False,
        )
        return set(rows.values_list("class_group", "learner"))

    def take(self) -> list[Held]:
        held: list[Held] = []
        events: dict[uuid.UUID, AttendanceEvent] = {}
        for place, line in self.lines.items():
            if line.id in self.known or line.id in events:
                continue
            if why := self._why_not(line):
                held.append((place, *why))
                continue
            events[line.id] = self._to_store(line)
        Device.objects.bulk_create(
            [Device(pk=key) for key in {event.device_id for event in events.values()}],
            ignore_conflicts=True,
        )
        keep_events(events.values())
        Arrived.objects.bulk_create(
            [
                Arrived(box=self.box, kind=LineKind.EVENT, uid=event.pk, row=event.session_id)
                for event in events.values()
            ],
            ignore_conflicts=True,
        )
        return held

    def _why_not(self, line: EventLine) -> tuple[HeldState, str] | None:
        if line.id != event_id(line.device, line.seq) or self.counted.get((line.device, line.seq)):
            return HeldState.REFUSED, _("这一条的编号不对。")
        session, learner = self.sessions.get(line.session), self.learners.get(line.learner)
        if session is None:
            return HeldState.WAITING, _("还没有这次课，或者不归这台盒子管。等课到了再收。")
        if learner is None:
            return HeldState.WAITING, _("还没有这位学员，等登记他的那一条到了再收。")
        if (session.class_group_id, learner.stands_as) not in self.enrolled:
            return HeldState.WAITING, _("这位学员还不在这个班，等报名的那一条到了再收。")
        if line.by and not self._keeps(line, session):
            return HeldState.REFUSED, _("点名的人那天不管这个班。")
        mark = Incoming(line.seq, session.pk, line.learner, line.status, line.at, line.reason)
        outcome = outcome_of(mark, session=session, in_class=True, marked_at=line.marked_at)
        if outcome != EventOutcome.STORED:
            return HeldState.REFUSED, str(outcome.label)
        return None

    def _keeps(self, line: EventLine, session: ClassSession) -> bool:
        user = self.people.get(line.by)
        if user is None:
            return False
        day = timezone.localdate(line.marked_at)
        if (user.pk, day) not in self.kept:
            classes = {session.class_group_id for session in self.sessions.values()}
            kept = _kept_by(user, day).filter(pk__in=classes)
            self.kept[user.pk, day] = set(kept.values_list("pk", flat=True))
        return session.class_group_id in self.kept[user.pk, day]

    def _to_store(self, line: EventLine) -> AttendanceEvent:
        learner: Learner = self.learners[line.learner]
        return AttendanceEvent(
            id=line.id,
            device_id=line.device,
            sequence=line.seq,
            session=self.sessions[line.session],
            learner=learner,
            status=line.status,
            device_time=line.at,
            marked_at=line.marked_at,
            recorded_by=self.people.get(line.by),
            reason=line.reason,
        )
