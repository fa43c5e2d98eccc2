"""Reads for the pages of the roll: how sessions stand, and who said what of whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lms.accounts.models import User
from lms.attendance.choices import COUNTS_AS_PRESENT, AttendanceStatus
from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.attendance.what_holds import Said, what_holds
from lms.classes.choices import EnrolmentState, SessionState
from lms.classes.models import (
    ROLL_OPENS_BEFORE,
    ClassGroup,
    ClassSession,
    Enrolment,
    HelperTime,
)
from lms.classes.wall_clock import day_bounds
from lms.people.choices import Role
from lms.people.models import Learner, RoleAssignment


def keeps_a_roll(user: User) -> bool:
    """Whether the user is a teacher today, or keeps the roll of a class of the user's own."""
    teaches = RoleAssignment.objects.current().filter(person=user, role=Role.TEACHER)
    return teaches.exists() or keeps_a_class(user)


def keeps_a_class(user: User) -> bool:
    """Whether the user keeps the roll of a class of the user's own, by whatever role."""
    return ClassGroup.objects.changeable_by(user).filter(teachers=user).exists()


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
    """In the order given, which is of sessions with their class_group. At most three queries."""
    sessions = list(sessions)
    marks = (
        AttendanceRecord.objects.filter(session__in=sessions)
        .values("session")
        .annotate(
            present=Count("pk", Q(status__in=COUNTS_AS_PRESENT)),
            excused=Count("pk", Q(status=AttendanceStatus.EXCUSED)),
            absent=Count("pk", Q(status=AttendanceStatus.ABSENT)),
            differing=Count("pk", Q(differs=True)),
        )
    )
    by_session: dict[int, Any] = {row["session"]: row for row in marks}
    unmarked = _unmarked(
        [each for each in sessions if each.awaits_roll and not each.class_group.is_lecture]
    )
    lines = []
    for session in sessions:
        row = by_session.get(session.pk, {})
        lines.append(
            SessionLine(
                session=session,
                present=row.get("present", 0),
                excused=row.get("excused", 0),
                absent=row.get("absent", 0),
                unmarked=unmarked.get(session.pk),
                differing=row.get("differing", 0),
            )
        )
    return lines


def _unmarked(sessions: Sequence[ClassSession]) -> dict[int, int]:
    """By session: how many of those who were in the class on its day have no mark; none where
    nobody was. Two queries, or none."""
    found: dict[int, int] = {}
    if not sessions:
        return found
    enrolments: dict[int, list[Enrolment]] = defaultdict(list)
    classes = {session.class_group_id for session in sessions}
    for enrolment in Enrolment.objects.filter(class_group__in=classes, joined_at__isnull=False):
        enrolments[enrolment.class_group_id].append(enrolment)
    marked = set(
        AttendanceRecord.objects.filter(session__in=sessions).values_list("session", "learner")
    )
    for session in sessions:
        if there := learners_there(session, enrolments[session.class_group_id]):
            found[session.pk] = sum((session.pk, learner) not in marked for learner in there)
    return found


def learners_there(session: ClassSession, enrolments: Iterable[Enrolment]) -> list[int]:
    """Of a class's enrolments, the learners, by key, who were in it on the session's day."""
    _begins, ends = day_bounds(session.day)
    return [each.learner_id for each in enrolments if each.was_in_class(ends)]


@dataclass(frozen=True)
class RollLine:
    """One learner on the roll of a session: the record that holds, and what each person says."""

    learner: Learner
    record: AttendanceRecord | None  # None: nobody has marked the learner, which is not absent
    said: Sequence[AttendanceEvent]  # the last of each person, when they differ
    in_class: bool  # on that day; not so for who came all the same


#: What each person said last, by session and learner.
WhoSaid = dict[tuple[int, int], list[AttendanceEvent]]


def who_said_what(records: Iterable[AttendanceRecord]) -> WhoSaid:
    """Of those records that differ, what each person said last, in the order in which it was said.
    One query, or none where none differs."""
    pairs = {(record.session_id, record.learner_id) for record in records if record.differs}
    if not pairs:
        return {}
    learners = {learner for _session, learner in pairs}
    events = AttendanceEvent.objects.filter(
        Q(learner__in=learners) | Q(learner__merged_into__in=learners),
        session__in={session for session, _learner in pairs},
    )
    said: dict[tuple[int, int], list[Said[AttendanceEvent]]] = {pair: [] for pair in pairs}
    merged_at = {}
    for event in events.select_related("recorded_by", "learner").order_by("marked_at", "pk"):
        row = event.learner
        if row.merged_at is not None:
            merged_at[row.pk] = row.merged_at
        if (marks := said.get((event.session_id, row.stands_as))) is not None:
            marks.append(as_said(event))
    found = {pair: what_holds(marks, merged_at) for pair, marks in said.items()}
    return {pair: [word.event for word in each.words] for pair, each in found.items() if each}


def as_said(event: AttendanceEvent) -> Said[AttendanceEvent]:
    return Said(
        event.recorded_by_id,
        event.learner_id,
        event.status,
        event.marked_at,
        event.received_at,
        event,
    )


def roll_lines(session: ClassSession) -> list[RollLine]:
    """Who was in the class on the session's day, and whoever else was marked. By name. Once the
    roll is closed nobody is unmarked, and who joins the class later that day is not, either."""
    records = {
        record.learner_id: record
        for record in session.attendance_records.select_related("learner", "event__recorded_by")
    }
    in_class = {learner.pk: learner for learner in learners_in_class(session)}
    said = who_said_what(records.values())
    everybody = {pk: record.learner for pk, record in records.items()}
    if not session.is_closed:
        everybody |= in_class
    lines = [
        RollLine(
            learner=learner,
            record=records.get(pk),
            said=said.get((session.pk, pk), []),
            in_class=pk in in_class,
        )
        for pk, learner in everybody.items()
    ]
    return sorted(lines, key=lambda line: (line.learner.sort_key, line.learner.pk))


def joined_later(session: ClassSession) -> list[Learner]:
    """Who is in the class by now, was not on the session's day, and has no mark: a sheet that is
    keyed in later may name them. By name."""
    here = session.class_group.enrolments.filter(state=EnrolmentState.ENROLLED)
    there = session.class_group.enrolments.in_class_on(session.day)
    later = Learner.objects.filter(pk__in=here.values("learner"))
    later = later.exclude(pk__in=there.values("learner"))
    return list(later.exclude(attendance_records__session=session).order_by("sort_key", "pk"))


@dataclass(frozen=True)
class GridLine:
    """How one learner came to the sessions of a class, one word a session, in their order."""

    learner: Learner
    words: Sequence[str]


#: Where the learner was not in the class on the session's day; blank where nobody has marked.
NOT_IN_CLASS = "—"


def attendance_grid(class_group: ClassGroup) -> tuple[list[ClassSession], list[GridLine]]:
    """The sessions of a class whose roll may be taken by now, the earliest first, without those
    that were cancelled; and whoever was ever in the class or marked in it, by name. Four
    queries."""
    sessions = list(
        class_group.sessions.exclude(state=SessionState.CANCELLED)
        .filter(starts_at__lte=timezone.now() + ROLL_OPENS_BEFORE)
        .order_by("starts_at", "pk")
    )
    marks = AttendanceRecord.objects.filter(session__in=sessions)
    statuses = {
        (session, learner): AttendanceStatus(status)
        for session, learner, status in marks.values_list("session", "learner", "status")
    }
    enrolments = list(class_group.enrolments.filter(joined_at__isnull=False))
    there = {session.pk: set(learners_there(session, enrolments)) for session in sessions}
    everybody = {each.learner_id for each in enrolments} | {learner for _pk, learner in statuses}

    def word(session: ClassSession, learner: Learner) -> str:
        if status := statuses.get((session.pk, learner.pk)):
            return str(status.label)
        return "" if learner.pk in there[session.pk] else NOT_IN_CLASS

    learners = Learner.objects.filter(pk__in=everybody).order_by("sort_key", "pk")
    lines = [
        GridLine(learner, [word(session, learner) for session in sessions]) for learner in learners
    ]
    return sessions, lines


#: Who has stayed away so often in a row is asked about.
ABSENCES_IN_A_ROW = 3
#: Rolls of longer ago say nothing of today.
ASKED_ABOUT_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Missed:
    """Somebody in a class who did not come the last times, as the closed rolls say."""

    learner: Learner
    class_group: ClassGroup
    last: ClassSession


def missed_in_a_row(classes: Iterable[ClassGroup]) -> list[Missed]:
    """Who is in one of these classes and was absent at its last ABSENCES_IN_A_ROW closed rolls, by
    class and name. Excused is not absent. Three queries, or fewer."""
    groups = {group.pk: group for group in classes}
    recent = ClassSession.objects.filter(
        class_group__in=groups,
        state=SessionState.CLOSED,
        starts_at__gte=timezone.now() - ASKED_ABOUT_FOR,
    )
    last: dict[int, list[ClassSession]] = defaultdict(list)
    for session in recent.order_by("-starts_at", "-pk"):
        if len(last[session.class_group_id]) < ABSENCES_IN_A_ROW:
            last[session.class_group_id].append(session)
    full = [sessions for sessions in last.values() if len(sessions) == ABSENCES_IN_A_ROW]
    newest = {sessions[0].class_group_id: sessions[0] for sessions in full}
    absent = AttendanceRecord.objects.filter(
        session__in=[session for sessions in full for session in sessions],
        status=AttendanceStatus.ABSENT,
        learner__erased_at__isnull=True,
    )
    times = Counter(absent.values_list("session__class_group", "learner"))
    away = {pair for pair, count in times.items() if count == ABSENCES_IN_A_ROW}
    still = Enrolment.objects.filter(
        class_group__in=newest,
        learner__in={learner for _group, learner in away},
        state=EnrolmentState.ENROLLED,
    )
    return [
        Missed(each.learner, groups[each.class_group_id], newest[each.class_group_id])
        for each in still.select_related("learner").order_by(
            "class_group__title", "class_group", "learner__sort_key", "learner"
        )
        if (each.class_group_id, each.learner_id) in away
    ]


def minutes_helped(session: ClassSession) -> QuerySet[HelperTime]:
    return session.helper_times.select_related("person", "recorded_by").order_by("pk")


def unmarked_learners(session: ClassSession) -> list[Learner]:
    """Who was in the class on the session's day and has no mark yet."""
    return list(learners_in_class(session).exclude(attendance_records__session=session))


def learners_in_class(session: ClassSession) -> QuerySet[Learner]:
    """On the session's day, by name."""
    there = session.class_group.enrolments.in_class_on(session.day)
    return Learner.objects.filter(pk__in=there.values("learner")).order_by("sort_key", "pk")
