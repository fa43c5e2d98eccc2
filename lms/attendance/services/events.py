"""Verbs that take events in. They come in batches, from devices that may have been offline."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.attendance.choices import AttendanceStatus, EventOutcome
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.clocks import learn_clock_offset
from lms.attendance.services.deriving import derive_marks
from lms.attendance.services.walk_ins import SameName, UnknownNumber, admit_walk_in
from lms.classes.choices import SessionState
from lms.classes.models import AddedAgain, ClassGroup, ClassSession, Enrolment
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import add_session
from lms.classes.sums import settle_sessions
from lms.people.models import Learner
from lms.rows import write_rows

#: Marks of a role that has ended since are taken no longer than a phone may hold them.
HANDED_IN_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Incoming:
    """One event as a device sends it; `at` is by the device's own clock."""

    sequence: int
    session: int | uuid.UUID  # its key, or the uid that a phone made for it
    learner: str  # the learner's number, or "+" and the sequence of this device's walk-in
    status: AttendanceStatus
    at: datetime
    reason: str = ""

    @property
    def walk_in(self) -> int | None:
        """The sequence of the walk-in that is meant; None where a number tells the learner."""
        return int(self.learner[1:]) if self.learner.startswith("+") else None


@dataclass(frozen=True)
class WalkIn:
    """Somebody who is not in the class came to a session: enrolled on the spot, and present."""

    sequence: int
    session: int | uuid.UUID
    at: datetime
    number: str = ""  # of a card; blank for who has none
    name: str = ""
    not_these: Sequence[str] = ()  # numbers of the same name that somebody said are other people's
    reason: str = ""


@dataclass(frozen=True)
class NewSession:
    """A class met that was not planned to: a session that the phone made, with a uid of its own."""

    sequence: int
    uid: uuid.UUID
    class_group: int
    starts_at: datetime  # both by the device's own clock
    ends_at: datetime


@dataclass(frozen=True)
class Malformed:
    """What nobody understands; it is answered, so that it does not hold up the others."""

    sequence: int | None  # None: not even that can be read


@dataclass(frozen=True)
class Acknowledgement:
    sequence: int | None
    outcome: EventOutcome
    learner: Learner | None = None  # who a walk-in that was taken in turned out to be
    same: Sequence[Learner] = ()  # with SAME_NAME: who it may be
    session: int | None = None  # the key of a session that a phone added


Mark = Incoming | WalkIn
Event = Mark | NewSession | Malformed


def event_id(device: uuid.UUID, sequence: int) -> uuid.UUID:
    """The id that device and server both make, so that it need not be sent (RFC 9562, v5)."""
    return uuid.uuid5(device, str(sequence))


@transaction.atomic
def record_events(
    events: Sequence[Event],
    *,
    device: uuid.UUID,
    device_now: datetime | None,
    recorded_by: User,
) -> list[Acknowledgement]:
    """Take a batch in, and say of each event what became of it, in the batch's order.

    Sending an event again is harmless, in whatever batch and order. A walk-in is stored as the
    event of its being present, so that its sequence tells who it was ever after. `device_now`
    None: the device did not say what its clock shows, which is then as wrong as it was before.
    """
    offset = learn_clock_offset(device, device_now)
    added = [  # before any mark, which may be of one of them
        add_from_phone(event, offset=offset, recorded_by=recorded_by)
        for event in events
        if isinstance(event, NewSession)
    ]
    marks = _with_keys([event for event in events if isinstance(event, Mark)])
    batch = _Batch(marks, device=device, offset=offset, recorded_by=recorded_by)
    of_added, of_marks = iter(added), iter([batch.take(mark) for mark in marks])
    keep_events(batch.taken.values())
    return [_answer_of(event, of_added, of_marks) for event in events]


def _answer_of(
    event: Event, added: Iterator[Acknowledgement], marks: Iterator[Acknowledgement]
) -> Acknowledgement:
    """The next of its kind."""
    if isinstance(event, Malformed):
        return Acknowledgement(event.sequence, EventOutcome.MALFORMED)
    return next(added if isinstance(event, NewSession) else marks)


def _with_keys(events: Sequence[Mark]) -> list[Mark]:
    """The same with the keys of their sessions: 0, which is none, for a uid that is not known."""
    uids = {event.session for event in events if isinstance(event.session, uuid.UUID)}
    keys: dict[int | uuid.UUID, int] = {}
    if uids:
        keys = dict(AddedAgain.objects.filter(uid__in=uids).values_list("uid", "session"))
        keys |= dict(ClassSession.objects.filter(uid__in=uids).values_list("uid", "pk"))
    return [
        replace(event, session=keys.get(event.session, 0)) if event.session in uids else event
        for event in events
    ]


def add_from_phone(event: NewSession, *, offset: timedelta, recorded_by: User) -> Acknowledgement:
    """Add the session, or say that it is there or why not. As a mark, it is taken from who keeps
    the class today or did on that day."""
    starts_at, ends_at = event.starts_at + offset, event.ends_at + offset
    day = timezone.localdate(starts_at)
    groups = ClassGroup.objects.changeable_by(recorded_by)
    if timezone.localdate() - HANDED_IN_WITHIN <= day < timezone.localdate():
        groups = groups | ClassGroup.objects.changeable_by(recorded_by, day)
    group = groups.filter(pk=event.class_group).first()
    if group is None:
        return Acknowledgement(event.sequence, EventOutcome.NO_CLASS)
    is_known = group.sessions.called(event.uid).exists()
    try:
        session = add_session(
            group, uid=event.uid, starts_at=starts_at, ends_at=ends_at, added_by=recorded_by
        )
    except ClassRefused:
        return Acknowledgement(event.sequence, EventOutcome.WRONG_TIME)
    outcome = EventOutcome.KNOWN if is_known else EventOutcome.STORED
    return Acknowledgement(event.sequence, outcome, session=session.pk)


class _Marked(NamedTuple):
    """Of a learner's row, what a mark needs to know."""

    pk: int
    stands_as: int


class _Batch:
    """One batch under way: what was there before it, and what it has taken in so far."""

    def __init__(
        self,
        events: Sequence[Mark],
        *,
        device: uuid.UUID,
        offset: timedelta,
        recorded_by: User,
    ) -> None:
        self.device = device
        self.offset = offset
        self.recorded_by = recorded_by
        self.taken: dict[int, AttendanceEvent] = {}
        #: By the sequence of each event that was stored before: whom it marked.
        self.known = _stored_before(events, device)
        self.sessions = sessions_kept(events, offset=offset, recorded_by=recorded_by)
        #: What became of each new walk-in. All are taken in before any mark, which may mean one.
        self.walk_ins = {
            event.sequence: admit(event, self.sessions.get(event.sequence), offset, recorded_by)
            for event in sorted(events, key=lambda event: event.sequence)
            if isinstance(event, WalkIn) and event.sequence not in self.known
        }
        admitted = {
            sequence: answer.learner for sequence, answer in self.walk_ins.items() if answer.learner
        }
        self.came = self.known | admitted
        self.enrolled: set[tuple[int, int]] = set()  # class and learner
        self.by_number: dict[str, _Marked] = {}
        self._ask_who_is_enrolled()
        numbers = {event.learner for event in events if isinstance(event, Incoming)}
        if others := numbers - self.by_number.keys():
            self._ask_for(others)

    def _ask_who_is_enrolled(self) -> None:
        """Everybody's: that is asked faster than of thirty. Those who have left count, since they
        may have been there then."""
        enrolments = Enrolment.objects.filter(
            class_group__in={session.class_group_id for session in self.sessions.values()},
            joined_at__isnull=False,
        )
        for class_group, learner, number, merged_into in enrolments.order_by().values_list(
            "class_group", "learner", "learner__number", "learner__merged_into"
        ):
            self.enrolled.add((class_group, learner))
            self.by_number[number] = _Marked(learner, merged_into or learner)

    def _ask_for(self, numbers: Set[str]) -> None:
        """Also one that was merged since the phone heard of it: the event keeps what was marked."""
        rows = Learner.objects.filter(number__in=numbers).order_by()
        for number, learner, merged_into in rows.values_list("number", "pk", "merged_into"):
            self.by_number[number] = _Marked(learner, merged_into or learner)

    def take(self, event: Mark) -> Acknowledgement:
        if event.sequence in self.known or event.sequence in self.taken:
            learner = self.came.get(event.sequence) if isinstance(event, WalkIn) else None
            return Acknowledgement(event.sequence, EventOutcome.KNOWN, learner)
        meant = self._who_is_meant(event)
        if isinstance(event, WalkIn):
            answer = self.walk_ins[event.sequence]
        else:
            answer = Acknowledgement(event.sequence, self._outcome_of_mark(event, meant))
        if answer.outcome == EventOutcome.STORED:
            assert meant is not None
            self.taken[event.sequence] = self._event_to_store(event, meant)
        return answer

    def _who_is_meant(self, event: Mark) -> Learner | _Marked | None:
        if isinstance(event, WalkIn):
            return self.came.get(event.sequence)
        if event.walk_in is None:
            return self.by_number.get(event.learner)
        return self.came.get(event.walk_in)

    def _outcome_of_mark(self, event: Incoming, learner: Learner | _Marked | None) -> EventOutcome:
        if event.walk_in is not None and learner is None:
            return _without_walk_in(self.walk_ins.get(event.walk_in))
        session = self.sessions.get(event.sequence)
        in_class = (
            session is not None
            and learner is not None
            and (session.class_group_id, learner.stands_as) in self.enrolled
        )
        return outcome_of(
            event, session=session, in_class=in_class, marked_at=event.at + self.offset
        )

    def _event_to_store(self, event: Mark, learner: Learner | _Marked) -> AttendanceEvent:
        return AttendanceEvent(
            id=event_id(self.device, event.sequence),
            device_id=self.device,
            sequence=event.sequence,
            session_id=self.sessions[event.sequence].pk,
            learner_id=learner.pk,
            status=AttendanceStatus.PRESENT if isinstance(event, WalkIn) else event.status,
            device_time=event.at,
            marked_at=event.at + self.offset,
            recorded_by_id=self.recorded_by.pk,
            reason=event.reason,
        )


def _stored_before(events: Sequence[Mark], device: uuid.UUID) -> dict[int, Learner]:
    """By sequence: whom the device's events that are stored already marked, of these events and of
    the walk-ins that they mean; who stands for them by now."""
    meant = {event.walk_in for event in events if isinstance(event, Incoming)} - {None}
    stored = dict(
        AttendanceEvent.objects.filter(
            device=device, sequence__in={event.sequence for event in events} | meant
        ).values_list("sequence", "learner")
    )
    if not stored:
        return {}
    learners = Learner.objects.select_related("merged_into").in_bulk(set(stored.values()))
    standing = {pk: learner.merged_into or learner for pk, learner in learners.items()}
    return {sequence: standing[learner] for sequence, learner in stored.items()}


def sessions_kept(
    events: Sequence[Mark], *, offset: timedelta, recorded_by: User
) -> dict[int, ClassSession]:
    """The session of each event, by its sequence, if the person keeps that roll today, or kept it
    on the day of the mark: what was taken without a network is handed over after a role has ended
    too. Locked until the transaction ends."""
    today = timezone.localdate()
    kept = lock_sessions(events, recorded_by=recorded_by, day=today)
    found = {event.sequence: kept[event.session] for event in events if event.session in kept}
    late: dict[date, list[Mark]] = defaultdict(list)
    for event in events:
        if event.sequence in found:
            continue
        day = timezone.localdate(event.at + offset)
        if today - HANDED_IN_WITHIN <= day < today:
            late[day].append(event)
    for day, of_day in sorted(late.items()):
        kept = lock_sessions(of_day, recorded_by=recorded_by, day=day)
        found |= {event.sequence: kept[event.session] for event in of_day if event.session in kept}
    return found


def lock_sessions(
    events: Iterable[Mark], *, recorded_by: User, day: date
) -> dict[int | uuid.UUID, ClassSession]:
    """Those of the events' sessions whose roll the person keeps on that day, by their keys."""
    asked = {event.session for event in events if isinstance(event.session, int)}
    found: dict[int | uuid.UUID, ClassSession] = {}
    # What is not there is asked for again: where somebody's units stand is one query, what stands
    # below them another, and a unit may move between the two.
    for _time in range(2):
        if missing := asked - found.keys():
            sessions = ClassSession.objects.changeable_by(recorded_by, day).filter(pk__in=missing)
            locked = sessions.select_for_update(of=("self",)).order_by("pk")
            found |= {session.pk: session for session in locked}
    return found


def admit(
    event: WalkIn, session: ClassSession | None, offset: timedelta, recorded_by: User
) -> Acknowledgement:
    """Enrol who walked in; STORED with the learner, or why not."""
    outcome = outcome_of(event, session=session, in_class=True, marked_at=event.at + offset)
    if outcome != EventOutcome.STORED:
        return Acknowledgement(event.sequence, outcome)
    assert session is not None
    try:
        learner = admit_walk_in(
            session.class_group,
            number=event.number,
            name=event.name,
            not_these=event.not_these,
            recorded_by=recorded_by,
            at=event.at + offset,
        )
    except UnknownNumber:
        return Acknowledgement(event.sequence, EventOutcome.NO_NUMBER)
    except SameName as same:
        return Acknowledgement(event.sequence, EventOutcome.SAME_NAME, same=same.learners)
    return Acknowledgement(event.sequence, EventOutcome.STORED, learner)


def _without_walk_in(walk_in: Acknowledgement | None) -> EventOutcome:
    """What becomes of a mark whose walk-in was not taken in; None: it did not come along."""
    if walk_in is None or walk_in.outcome == EventOutcome.SAME_NAME:
        return EventOutcome.WAIT
    return walk_in.outcome


def keep_events(events: Iterable[AttendanceEvent]) -> None:
    """Store new events, what they make of the marks, and these of the figures. The caller holds
    their sessions."""
    events = list(events)
    fields, now = AttendanceEvent._meta.concrete_fields, timezone.now()
    for event in events:
        event.received_at = now
    write_rows(
        AttendanceEvent,
        [field.name for field in fields],
        [[getattr(event, field.attname) for field in fields] for event in events],
    )
    derive_marks({(event.session_id, event.learner_id) for event in events})
    settle_sessions((event.session_id for event in events), held=True)


def outcome_of(
    event: Mark, *, session: ClassSession | None, in_class: bool, marked_at: datetime
) -> EventOutcome:
    """Whether an event that is not known yet can be stored."""
    if session is None:
        return EventOutcome.NO_SESSION
    if not in_class:
        return EventOutcome.NO_LEARNER
    if session.state == SessionState.CANCELLED:
        return EventOutcome.CANCELLED
    # Made in advance, it is no mark, whenever it arrives.
    if min(marked_at, timezone.now()) < session.roll_opens_at:
        return EventOutcome.NOT_BEGUN
    closed_before = session.closed_at is not None and session.closed_at < marked_at
    if closed_before and not event.reason.strip():
        return EventOutcome.NEEDS_REASON
    return EventOutcome.STORED
