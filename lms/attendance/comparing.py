"""Two learners side by side, before they are made one: who each is, and what would become of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q
from django.utils import timezone

from lms.attendance.choices import COUNTS_AS_PRESENT, AttendanceStatus
from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.attendance.queries import as_said
from lms.attendance.what_holds import what_holds
from lms.classes.choices import SessionState
from lms.classes.models import ClassGroup, ClassSession, Enrolment
from lms.classes.services.merging import spans
from lms.people.models import Delegate, Learner

#: Of more marks that differ, the number is told.
SHOWN = 20


@dataclass(frozen=True)
class Side:
    """One of the two, as the page shows it."""

    learner: Learner
    enrolments: list[Enrolment]
    delegates: list[Delegate]
    came: int
    excused: int
    absent: int
    last_came: date | None  # None: never
    calls: int  # that wait to be answered


def side_of(learner: Learner) -> Side:
    """Four queries."""
    held = AttendanceRecord.objects.filter(learner=learner).exclude(
        session__state=SessionState.CANCELLED
    )
    counts = held.aggregate(
        came=Count("pk", Q(status__in=COUNTS_AS_PRESENT)),
        excused=Count("pk", Q(status=AttendanceStatus.EXCUSED)),
        absent=Count("pk", Q(status=AttendanceStatus.ABSENT)),
        last=Max("session__starts_at", filter=Q(status__in=COUNTS_AS_PRESENT)),
    )
    last = counts.pop("last")
    enrolments = learner.enrolments.select_related("class_group").order_by("-enrolled_at", "pk")
    return Side(
        learner=learner,
        enrolments=list(enrolments),
        delegates=list(learner.delegates.in_force().select_related("person")),
        last_came=last and timezone.localdate(last),
        calls=learner.help_requests.filter(state="open").count(),
        **counts,
    )


@dataclass(frozen=True)
class Differing:
    """Both were marked at one session, and not alike."""

    session: ClassSession
    one: AttendanceStatus
    other: AttendanceStatus
    holds: AttendanceStatus  # once they are one


def marks_that_differ(one: Learner, other: Learner) -> list[Differing]:
    """The latest first. Two queries, or one where nothing differs."""
    records: dict[int, dict[int, AttendanceRecord]] = defaultdict(dict)
    of_both = AttendanceRecord.objects.filter(learner__in=[one, other])
    for record in of_both.select_related("session__class_group"):
        records[record.session_id][record.learner_id] = record
    differing = {
        session: pair
        for session, pair in records.items()
        if len({record.status for record in pair.values()}) > 1
    }
    holds = _what_would_hold(one, other, differing)
    found = [
        Differing(
            pair[one.pk].session,
            AttendanceStatus(pair[one.pk].status),
            AttendanceStatus(pair[other.pk].status),
            AttendanceStatus(holds[session]),
        )
        for session, pair in differing.items()
    ]
    return sorted(found, key=lambda each: each.session.starts_at, reverse=True)


def _what_would_hold(one: Learner, other: Learner, sessions: Iterable[int]) -> dict[int, str]:
    """By session. Nobody has marked since they became one: that would be now."""
    keys = list(sessions)
    if not keys:
        return {}
    both = [one.pk, other.pk]
    events = AttendanceEvent.objects.filter(
        Q(learner__in=both) | Q(learner__merged_into__in=both), session__in=keys
    )
    said = defaultdict(list)
    merged_at = {pk: timezone.now() for pk in both}
    for event in events.select_related("learner").order_by("marked_at", "pk"):
        if event.learner.merged_at is not None:
            merged_at[event.learner_id] = event.learner.merged_at
        said[event.session_id].append(as_said(event))
    found = {session: what_holds(marks, merged_at) for session, marks in said.items()}
    return {session: each.holds.status for session, each in found.items() if each}


@dataclass(frozen=True)
class SharedClass:
    """A class in which both are or were at one time; they would have one stay in it."""

    class_group: ClassGroup
    since: date  # when they joined, or began to wait


def classes_shared(one: Learner, other: Learner) -> list[SharedClass]:
    """By when they joined. One query."""
    stays: dict[int, list[Enrolment]] = defaultdict(list)
    rows = Enrolment.objects.filter(learner__in=[one, other]).select_related("class_group")
    for row in rows:
        stays[row.class_group_id].append(row)
    found = []
    for of_class in stays.values():
        for group in spans(of_class):
            if len({row.learner_id for row in group}) > 1:
                since = min(row.joined_at or row.enrolled_at for row in group)
                found.append(SharedClass(group[0].class_group, timezone.localdate(since)))
    return sorted(found, key=lambda shared: shared.since)
