"""Reads for the pages of the roll: how sessions stand, and who said what of whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lms.attendance.choices import COUNTS_AS_PRESENT, AttendanceStatus
from lms.attendance.models import Mark, RollEvent
from lms.classes.choices import ClassKind, EnrolmentState, SessionState
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

    @property
    def awaits_roll(self) -> bool:
        return (
            self.session.state == SessionState.PLANNED and self.session.starts_at <= timezone.now()
        )


def awaits_roll(session: ClassSession) -> bool:
    """Whether it has begun and its roll is not closed."""
    return session.state == SessionState.PLANNED and session.starts_at <= timezone.now()


def session_lines(sessions: Iterable[ClassSession]) -> list[SessionLine]:
    """In the order given, which is of sessions with their class_group. Two queries."""
    sessions = list(sessions)
    enrolled = Enrolment.objects.filter(
        class_group=OuterRef("session__class_group"),
        learner=OuterRef("learner"),
        state=EnrolmentState.ENROLLED,
    )
    marks = (
        Mark.objects.filter(session__in=sessions)
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
        is_lecture = session.class_group.kind == ClassKind.LECTURE
        says = awaits_roll(session) and in_class and not is_lecture
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
    """One learner on the roll of a session: the mark that holds, and what each person says."""

    learner: Learner
    mark: Mark | None
    said: Sequence[RollEvent]  # the last of each person, when they differ
    in_class: bool  # not so for who has left since


#: What each person said last, by session and learner.
Said = dict[tuple[int, int], list[RollEvent]]


def who_said_what(marks: Iterable[Mark]) -> Said:
    """Of those marks that differ, in the order in which it was said; a learner's own only while
    nobody has marked after it. One query, or none where none differs."""
    pairs = {(mark.session_id, mark.learner_id) for mark in marks if mark.differs}
    if not pairs:
        return {}
    events = RollEvent.objects.filter(
        session__in={session for session, _learner in pairs},
        learner__in={learner for _session, learner in pairs},
    )
    said: dict[tuple[int, int], dict[int | None, RollEvent]] = {pair: {} for pair in pairs}
    for event in events.select_related("recorded_by").order_by("marked_at", "pk"):
        of_each = said.get((event.session_id, event.learner_id))
        if of_each is None:
            continue
        if event.recorded_by_id is not None:
            of_each.pop(None, None)
        of_each[event.recorded_by_id] = event
    return {pair: list(of_each.values()) for pair, of_each in said.items()}


def roll_lines(session: ClassSession) -> list[RollLine]:
    """Who is in the class, and who was marked at this session and is no longer. By name."""
    marks = {
        mark.learner_id: mark
        for mark in session.marks.select_related("learner", "event__recorded_by")
    }
    enrolled = {
        enrolment.learner_id: enrolment.learner
        for enrolment in session.class_group.enrolments.filter(
            state=EnrolmentState.ENROLLED
        ).select_related("learner")
    }
    said = who_said_what(marks.values())
    everybody = {**{mark.learner_id: mark.learner for mark in marks.values()}, **enrolled}
    lines = [
        RollLine(
            learner=learner,
            mark=marks.get(pk),
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
    return list(enrolled.exclude(marks__session=session).order_by("name", "pk"))
