"""What was born on this box and the city does not know yet, read from the rows that are there.

No other room tells this one anything: each kind is looked through for rows that were never told, or
have changed since (`Told`). Of events, which never change, the database itself says which are new.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from courses.progress.models import LearnerRecord, LessonMark, LessonTally
from lms.accounts.models import User
from lms.alerts.models import MetFraud
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.events import event_id
from lms.boxes.choices import LineKind
from lms.boxes.devices import device_abroad
from lms.boxes.lines import write_line
from lms.boxes.models import FromCity, Home, Told
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession, Enrolment
from lms.helpline.models import HelpRequest
from lms.people.models import Learner

#: A mark of learning is looked for under records that were used since the last look, and so many
#: days before it: a page may stay open over midnight.
DAYS_LOOKED_BACK = 2
#: Counts of lessons: this month's and the last one's.
TALLY_DAYS = 62


@dataclass(frozen=True)
class Born:
    """One line, and by which it is known again."""

    kind: LineKind
    uid: uuid.UUID
    said: dict[str, Any]

    @property
    def digest(self) -> str:
        """Of an event nothing: it never changes."""
        if self.kind == LineKind.EVENT:
            return ""
        return sha256(write_line(self.said).encode()).hexdigest()[:16]


def uid_of(home: Home, kind: str, *key: object) -> uuid.UUID:
    """The name of a row that has none of its own: the same each time it is asked for."""
    return uuid.uuid5(home.seed, "|".join((kind, *map(str, key))))


def all_born(home: Home) -> Iterator[Born]:
    """In the order in which one needs the other."""
    for look in LOOKS:
        yield from look(home)


def not_told(found: Iterator[Born]) -> Iterator[Born]:
    """Of these the new ones and those that have changed."""
    told = {
        (kind, uid): digest
        for kind, uid, digest in Told.objects.exclude(kind=LineKind.EVENT).values_list(
            "kind", "uid", "digest"
        )
    }
    for each in found:
        if each.kind == LineKind.EVENT or told.get((each.kind, each.uid)) != each.digest:
            yield each


def _moment(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _person(user: User | None) -> str:
    return user.username if user else ""


def _keys_from_city(kind: str) -> dict[int, str]:
    """The city's keys of that kind, by rows here."""
    return dict(FromCity.objects.filter(kind=kind).values_list("row", "key"))


def _learners(home: Home) -> Iterator[Born]:
    rows = Learner.objects.standing().select_related("unit").order_by("pk")
    of_city = FromCity.objects.filter(kind="learner", row=OuterRef("pk"))
    for row in rows.filter(~Exists(of_city)):
        yield learner_born(home, row)


def learner_born(home: Home, row: Learner) -> Born:
    uid = uid_of(home, "learner", row.pk)
    said = {
        "kind": "learner",
        "id": str(uid),
        "number": row.number,
        "name": row.name,
        "birth_year": row.birth_year,
        "telephone": row.telephone,
        "unit": row.unit.code,
    }
    return Born(LineKind.LEARNER, uid, said)


def _sessions(home: Home) -> Iterator[Born]:
    classes = _keys_from_city("class")
    since = timezone.now() - timedelta(days=400)
    rows = ClassSession.objects.filter(class_group__in=classes, starts_at__gte=since)
    for row in rows.filter(added_by__isnull=False).select_related("added_by").order_by("pk"):
        yield session_born(row, classes[row.class_group_id])


def session_born(row: ClassSession, class_key: str) -> Born:
    said = {
        "kind": "session",
        "id": str(row.uid),
        "class_group": int(class_key),
        "starts_at": _moment(row.starts_at),
        "ends_at": _moment(row.ends_at),
        "added_by": _person(row.added_by),
        "headcount": row.headcount,
    }
    return Born(LineKind.SESSION, row.uid, said)


def _closings(home: Home) -> Iterator[Born]:
    classes = _keys_from_city("class")
    closed = ClassSession.objects.filter(class_group__in=classes, state=SessionState.CLOSED)
    for row in closed.select_related("closed_by").order_by("closed_at", "pk"):
        yield closing_born(row)


def closing_born(row: ClassSession) -> Born:
    said = {
        "kind": "closing",
        "id": str(row.uid),
        "closed_at": _moment(row.closed_at),
        "closed_by": _person(row.closed_by),
        "headcount": row.headcount,
    }
    return Born(LineKind.CLOSING, row.uid, said)


def _enrolments(home: Home) -> Iterator[Born]:
    classes = _keys_from_city("class")
    rows = Enrolment.objects.filter(class_group__in=classes, delegate__isnull=True)
    for row in rows.select_related("learner", "recorded_by").order_by("pk"):
        yield enrolment_born(home, row, classes[row.class_group_id])


def enrolment_born(home: Home, row: Enrolment, class_key: str) -> Born:
    uid = uid_of(home, "enrolment", row.pk)
    said = {
        "kind": "enrolment",
        "id": str(uid),
        "class_group": int(class_key),
        "learner": row.learner.number,
        "state": row.state,
        "door": row.door,
        "by": _person(row.recorded_by),
        "enrolled_at": _moment(row.enrolled_at),
        "joined_at": _moment(row.joined_at),
        "left_at": _moment(row.left_at),
    }
    return Born(LineKind.ENROLMENT, uid, said)


def _events(home: Home) -> Iterator[Born]:
    told = Told.objects.filter(kind=LineKind.EVENT, uid=OuterRef("pk"))
    of_city = FromCity.objects.filter(kind="class", row=OuterRef("session__class_group"))
    rows: QuerySet[AttendanceEvent] = AttendanceEvent.objects.filter(~Exists(told), Exists(of_city))
    rows = rows.filter(delegate__isnull=True).order_by("received_at", "sequence", "pk")
    for row in rows.select_related("session", "learner", "recorded_by").iterator(2000):
        device = device_abroad(row.device_id, home.seed)
        said = {
            "kind": "event",
            "id": str(event_id(device, row.sequence)),
            "device": str(device),
            "seq": row.sequence,
            "session": str(row.session.uid),
            "learner": row.learner.number,
            "status": row.status,
            "at": _moment(row.device_time),
            "marked_at": _moment(row.marked_at),
            "by": _person(row.recorded_by),
            "reason": row.reason,
        }
        yield Born(LineKind.EVENT, row.pk, said)


def _marks(home: Home) -> Iterator[Born]:
    rows = LessonMark.objects.select_related("record", "lesson")
    if Told.objects.filter(kind=LineKind.MARK).exists():
        since = timezone.localdate() - timedelta(days=DAYS_LOOKED_BACK)
        if (last := _last_batch_day()) is not None:
            since = min(since, last - timedelta(days=DAYS_LOOKED_BACK))
        rows = rows.filter(record__used_on__gte=since)
    for row in rows.order_by("pk"):
        record: LearnerRecord = row.record
        uid = uid_of(home, "mark", record.key, row.lesson_id)
        said = {
            "kind": "mark",
            "id": str(uid),
            "record": str(record.key),
            "code": record.code or "",
            "page": str(row.lesson.translation_key),
            "path": row.lesson.url_path,
            "seen_parts": row.seen_parts,
            "read_at": _moment(row.read_at),
            "quiz_at": _moment(row.quiz_at),
            "practised_at": _moment(row.practised_at),
            "done_at": _moment(row.done_at),
        }
        yield Born(LineKind.MARK, uid, said)


def _last_batch_day() -> Any:
    from_marks = Told.objects.filter(kind=LineKind.MARK).order_by("-told_at").first()
    return timezone.localdate(from_marks.told_at) if from_marks else None


def _tallies(home: Home) -> Iterator[Born]:
    since = timezone.localdate() - timedelta(days=TALLY_DAYS)
    rows = LessonTally.objects.filter(day__gte=since, times__gt=0).select_related("lesson")
    for row in rows.order_by("pk"):
        page = row.lesson.translation_key
        uid = uid_of(home, "tally", page, row.day, row.kind, row.place, row.chosen)
        said = {
            "kind": "tally",
            "id": str(uid),
            "page": str(page),
            "path": row.lesson.url_path,
            "day": row.day.isoformat(),
            "what": row.kind,
            "place": row.place,
            "chosen": row.chosen,
            "times": row.times,
        }
        yield Born(LineKind.TALLY, uid, said)


def _calls(home: Home) -> Iterator[Born]:
    rows = HelpRequest.objects.filter(forgotten_at__isnull=True)
    for row in rows.select_related("unit", "learner", "page", "closed_by").order_by("pk"):
        uid = uid_of(home, "help", row.pk)
        said = {
            "kind": "help",
            "id": str(uid),
            "unit": row.unit.code,
            "learner": row.learner.number if row.learner else None,
            "telephone": row.telephone,
            "name": row.name,
            "path": row.page.url_path if row.page else "",
            "asked_at": _moment(row.asked_at),
            "state": row.state,
            "closed_by": _person(row.closed_by),
            "closed_at": _moment(row.closed_at),
            "note": row.closed_note,
        }
        yield Born(LineKind.HELP, uid, said)


def _met(home: Home) -> Iterator[Born]:
    for row in MetFraud.objects.select_related("unit").order_by("pk"):
        uid = uid_of(home, "met", row.pk)
        said = {
            "kind": "met",
            "id": str(uid),
            "unit": row.unit.code,
            "what": row.kind,
            "way": row.way,
            "words": row.words,
            "came_by": row.came_by,
            "told_at": _moment(row.told_at),
        }
        # Whoever reads it here takes the words out some day; that is nothing new for the city.
        yield Born(LineKind.MET, uid, said)


LOOKS: tuple[Callable[[Home], Iterator[Born]], ...] = (
    _learners,
    _sessions,
    _enrolments,
    _events,
    _marks,
    _tallies,
    _calls,
    _met,
    _closings,
)
