"""Reads for the pages of the roll: how sessions stand, and who said what of whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lms.attendance.choices import COUNTS_AS_PRESENT, AttendanceStatus
from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.classes.choices import EnrolmentState
from lms.classes.models import ClassSession, Enrolment, HelperTime
from lms.people.models import Learner


@dataclass(frozen=True)
class SessionLine:
    """A session as a list shows it. `unmarked` is None while that says nothing: before it begins,
    when it is cancelled, for a lecture, whose heads are counted."""

    session: ClassSession
    present: int
    excused: int
    absent: int
    unmarked: int | None
    differing: int

    @property
    def is_blank(self) -> bool:
        """Nobody is marked and nobody need be yet: three zeros would say that nobody came."""
        return self.unmarked is None and not (self.present or self.excused or self.absent)


def session_lines(sessions: Iterable[ClassSession]) -> list[SessionLine]:
    """In the order given, which is of sessions with their class_group. Two queries."""
    sessions = list(sessions)
    enrolled = Enrolment.objects.filter(
        class_group=OuterRef("session__class_group"),
        learner=OuterRef("learner"),
        state=EnrolmentState.ENROLLED,
    )
    marks = (
        AttendanceRecord.objects.filter(session__in=sessions)
        .values("session")
        .annotate(
            present=Count("pk", Q(status__in=COUNTS_AS_PRESENT)),
            excused=Count("pk", Q(status=AttendanceStatus.EXCUSED)),
            absent=Count("pk", Q(status=AttendanceStatus.ABSENT)),
            differing=Count("pk", Q(differs=True)),
            of_enrolled=Count("pk", Exists(enrolled)),
        )
    )
    by_session: dict[int, Any] = {row["session"]: row for row in marks}
    places = dict(
        Enrolment.objects.filter(
            class_group__in={session.class_group_id for session in sessions},
            state=EnrolmentState.ENROLLED,
        )
        .order_by()
        .values_list("class_group")
        .annotate(Count("pk"))
    )
    lines = []
    for session in sessions:
        row = by_session.get(session.pk, {})
        in_class = places.get(session.class_group_id, 0)
        says = session.awaits_roll and in_class and not session.class_group.is_lecture
        lines.append(
            SessionLine(
                session=session,
                present=row.get("present", 0),
                excused=row.get("excused", 0),
                absent=row.get("absent", 0),
                unmarked=in_class - row.get("of_enrolled", 0) if says else None,
                differing=row.get("differing", 0),
            )
        )
    return lines


@dataclass(frozen=True)
class RollLine:
    """One learner on the roll of a session: the record that holds, and what each person says."""

    learner: Learner
    record: AttendanceRecord | None  # None: nobody has marked the learner, which is not absent
    said: Sequence[AttendanceEvent]  # the last of each person, when they differ
    in_class: bool  # not so for who has left since


#: What each person said last, by session and learner.
Said = dict[tuple[int, int], list[AttendanceEvent]]


Word = TypeVar("Word")


def note_word(said: dict[int | None, Word], by: int | None, word: Word) -> None:
    """Add to what each person, by key, has said of a learner; to be called in the order in which it
    was said. The learner's own (None) holds only until somebody else marks after it."""
    if by is not None:
        said.pop(None, None)
    said[by] = word


def who_said_what(records: Iterable[AttendanceRecord]) -> Said:
    """Of those records that differ, what each person said last, in the order in which it was said.
    One query, or none where none differs."""
    pairs = {(record.session_id, record.learner_id) for record in records if record.differs}
    if not pairs:
        return {}
    events = AttendanceEvent.objects.filter(
        session__in={session for session, _learner in pairs},
        learner__in={learner for _session, learner in pairs},
    )
    said: dict[tuple[int, int], dict[int | None, AttendanceEvent]] = {pair: {} for pair in pairs}
    for event in events.select_related("recorded_by").order_by("marked_at", "pk"):
        of_each = said.get((event.session_id, event.learner_id))
        if of_each is not None:
            note_word(of_each, event.recorded_by_id, event)
    return {pair: list(of_each.values()) for pair, of_each in said.items()}


def roll_lines(session: ClassSession) -> list[RollLine]:
    """Who is in the class, and who was marked at this session and is no longer. By name."""
    records = {
        record.learner_id: record
        for record in session.attendance_records.select_related("learner", "event__recorded_by")
    }
    enrolled = {
        enrolment.learner_id: enrolment.learner
        for enrolment in session.class_group.enrolments.filter(
            state=EnrolmentState.ENROLLED
        ).select_related("learner")
    }
    said = who_said_what(records.values())
    everybody = {pk: record.learner for pk, record in records.items()} | enrolled
    lines = [
        RollLine(
            learner=learner,
            record=records.get(pk),
            said=said.get((session.pk, pk), []),
            in_class=pk in enrolled,
        )
        for pk, learner in everybody.items()
    ]
    return sorted(lines, key=lambda line: (line.learner.name, line.learner.pk))


def minutes_helped(session: ClassSession) -> QuerySet[HelperTime]:
    return session.helper_times.select_related("person", "recorded_by").order_by("pk")


def unmarked_learners(session: ClassSession) -> list[Learner]:
    """Who is in the class and has no mark at this session yet."""
    enrolled = Learner.objects.filter(
        enrolments__class_group=session.class_group_id,
        enrolments__state=EnrolmentState.ENROLLED,
    )
    return list(enrolled.exclude(attendance_records__session=session).order_by("name", "pk"))
