"""Verbs that take events in. They come in batches, from devices that may have been offline."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.attendance.choices import AttendanceStatus, EventOutcome
from lms.attendance.models import AttendanceEvent, AttendanceRecord, Device
from lms.attendance.queries import note_word
from lms.attendance.services.walk_ins import SameName, UnknownNumber, admit_walk_in
from lms.classes.choices import EnrolmentState, SessionState
from lms.classes.models import ClassSession, Enrolment
from lms.classes.sums import settle_sessions
from lms.people.models import Learner

#: Clocks nearer to ours than this are taken as right; delays of the network stay below it.
CLOCK_TOLERANCE = timedelta(minutes=2)
#: Marks of a role that has ended since are taken no longer than a phone may hold them.
HANDED_IN_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Incoming:
    """One event as a device sends it; `at` is by the device's own clock."""

    sequence: int
    session: int
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
    session: int
    at: datetime
    number: str = ""  # of a card; blank for who has none
    name: str = ""
    not_these: Sequence[str] = ()  # numbers of the same name that somebody said are other people's
    reason: str = ""


@dataclass(frozen=True)
class Acknowledgement:
    sequence: int
    outcome: EventOutcome
    learner: Learner | None = None  # who a walk-in that was taken in turned out to be
    same: Sequence[Learner] = ()  # with SAME_NAME: who it may be


def event_id(device: uuid.UUID, sequence: int) -> uuid.UUID:
    """The id that device and server both make, so that it need not be sent (RFC 9562, v5)."""
    return uuid.uuid5(device, str(sequence))


@transaction.atomic
def record_events(
    events: Sequence[Incoming | WalkIn],
    *,
    device: uuid.UUID,
    device_now: datetime,
    recorded_by: User,
) -> list[Acknowledgement]:
    """Take a batch in, and say of each event what became of it, in the batch's order.

    Sending an event again is harmless, in whatever batch and order. A walk-in is stored as the
    event of its being present, so that its sequence tells who it was ever after.
    """
    offset = learn_clock_offset(device, device_now)
    batch = _Batch(events, device=device, offset=offset, recorded_by=recorded_by)
    acknowledged = [batch.take(event) for event in events]
    keep_events(batch.taken.values())
    return acknowledged


class _Batch:
    """One batch under way: what was there before it, and what it has taken in so far."""

    def __init__(
        self,
        events: Sequence[Incoming | WalkIn],
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
        numbers = {event.learner for event in events if isinstance(event, Incoming)}
        self.by_number = {
            learner.number: learner for learner in Learner.objects.filter(number__in=numbers)
        }
        self.enrolled = self._who_is_enrolled()

    def _who_is_enrolled(self) -> set[tuple[int, int]]:
        """Class and learner; those who have left count, since they may have been there then."""
        learners = [*self.by_number.values(), *self.came.values()]
        enrolments = Enrolment.objects.filter(
            class_group__in={session.class_group_id for session in self.sessions.values()},
            learner__in={learner.pk for learner in learners},
        ).exclude(state=EnrolmentState.WAITING)
        return set(enrolments.values_list("class_group", "learner"))

    def take(self, event: Incoming | WalkIn) -> Acknowledgement:
        if event.sequence in self.known or event.sequence in self.taken:
            learner = self.came.get(event.sequence) if isinstance(event, WalkIn) else None
            return Acknowledgement(event.sequence, EventOutcome.KNOWN, learner)
        if isinstance(event, WalkIn):
            answer, learner = self.walk_ins[event.sequence], self.came.get(event.sequence)
        else:
            learner = self._who_is_meant(event)
            answer = Acknowledgement(event.sequence, self._outcome_of_mark(event, learner))
        if answer.outcome == EventOutcome.STORED:
            assert learner is not None
            self.taken[event.sequence] = self._event_to_store(event, learner)
        return answer

    def _who_is_meant(self, event: Incoming) -> Learner | None:
        if event.walk_in is None:
            return self.by_number.get(event.learner)
        return self.came.get(event.walk_in)

    def _outcome_of_mark(self, event: Incoming, learner: Learner | None) -> EventOutcome:
        if event.walk_in is not None and learner is None:
            return _without_walk_in(self.walk_ins.get(event.walk_in))
        session = self.sessions.get(event.sequence)
        in_class = (
            session is not None
            and learner is not None
            and (session.class_group_id, learner.pk) in self.enrolled
        )
        return outcome_of(
            event, session=session, in_class=in_class, marked_at=event.at + self.offset
        )

    def _event_to_store(self, event: Incoming | WalkIn, learner: Learner) -> AttendanceEvent:
        return AttendanceEvent(
            id=event_id(self.device, event.sequence),
            device_id=self.device,
            sequence=event.sequence,
            session=self.sessions[event.sequence],
            learner=learner,
            status=AttendanceStatus.PRESENT if isinstance(event, WalkIn) else event.status,
            device_time=event.at,
            marked_at=event.at + self.offset,
            recorded_by=self.recorded_by,
            reason=event.reason,
        )


def _stored_before(events: Sequence[Incoming | WalkIn], device: uuid.UUID) -> dict[int, Learner]:
    """By sequence: whom the device's events that are stored already marked, of these events and of
    the walk-ins that they mean."""
    meant = {event.walk_in for event in events if isinstance(event, Incoming)} - {None}
    stored = AttendanceEvent.objects.filter(
        device=device, sequence__in={event.sequence for event in events} | meant
    )
    return {event.sequence: event.learner for event in stored.select_related("learner")}


def sessions_kept(
    events: Sequence[Incoming | WalkIn], *, offset: timedelta, recorded_by: User
) -> dict[int, ClassSession]:
    """The session of each event, by its sequence, if the person keeps that roll today, or kept it
    on the day of the mark: what was taken without a network is handed over after a role has ended
    too. Locked until the transaction ends."""
    today = timezone.localdate()
    kept = lock_sessions(events, recorded_by=recorded_by, day=today)
    found = {event.sequence: kept[event.session] for event in events if event.session in kept}
    late: dict[date, list[Incoming | WalkIn]] = defaultdict(list)
    for event in events:
        day = timezone.localdate(event.at + offset)
        if event.sequence not in found and today - HANDED_IN_WITHIN <= day < today:
            late[day].append(event)
    for day, of_day in sorted(late.items()):
        kept = lock_sessions(of_day, recorded_by=recorded_by, day=day)
        found |= {event.sequence: kept[event.session] for event in of_day if event.session in kept}
    return found


def lock_sessions(
    events: Iterable[Incoming | WalkIn], *, recorded_by: User, day: date
) -> dict[int, ClassSession]:
    """Those of the events' sessions whose roll the person keeps on that day, by their keys."""
    asked = {event.session for event in events}
    found: dict[int, ClassSession] = {}
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
    AttendanceEvent.objects.bulk_create(events)
    derive_marks({(event.session_id, event.learner_id) for event in events})
    settle_sessions(event.session_id for event in events)


def learn_clock_offset(device: uuid.UUID, device_now: datetime) -> timedelta:
    """What to add to the device's times to put them on our clock."""
    offset = timezone.now() - device_now
    row, _created = Device.objects.select_for_update().get_or_create(pk=device)
    if abs(offset - row.clock_offset) > CLOCK_TOLERANCE:
        row.clock_offset = offset if abs(offset) > CLOCK_TOLERANCE else timedelta(0)
    row.save()
    return row.clock_offset


def outcome_of(
    event: Incoming | WalkIn, *, session: ClassSession | None, in_class: bool, marked_at: datetime
) -> EventOutcome:
    """Whether an event that is not known yet can be stored."""
    if session is None:
        return EventOutcome.NO_SESSION
    if not in_class:
        return EventOutcome.NO_LEARNER
    if session.state == SessionState.CANCELLED:
        return EventOutcome.CANCELLED
    closed_before = session.closed_at is not None and session.closed_at < marked_at
    if closed_before and not event.reason.strip():
        return EventOutcome.NEEDS_REASON
    return EventOutcome.STORED


def derive_marks(pairs: set[tuple[int, int]]) -> None:
    """Make the marks of these (session, learner) what all their events add up to: the latest of
    each; a learner's own counts only where nobody else has marked. Costs two queries, however many
    there are."""
    latest: dict[tuple[int, int], tuple[uuid.UUID, str]] = {}
    last_of_each: dict[tuple[int, int], dict[int | None, str]] = defaultdict(dict)
    events = AttendanceEvent.objects.filter(
        session__in={session for session, _learner in pairs},
        learner__in={learner for _session, learner in pairs},
    )
    for session, learner, by, event, status in events.order_by("marked_at", "id").values_list(
        "session", "learner", "recorded_by_id", "id", "status"
    ):
        if (session, learner) not in pairs:
            continue
        said = last_of_each[session, learner]
        note_word(said, by, status)
        if said.keys() == {None} or by is not None:  # later ones win; by None: the learner's own
            latest[session, learner] = (event, status)
    AttendanceRecord.objects.bulk_create(
        [
            AttendanceRecord(
                session_id=session,
                learner_id=learner,
                event_id=event,
                status=status,
                differs=len(set(last_of_each[session, learner].values())) > 1,
            )
            for (session, learner), (event, status) in sorted(latest.items())
        ],
        update_conflicts=True,
        unique_fields=["session", "learner"],
        update_fields=["event", "status", "differs"],
    )
