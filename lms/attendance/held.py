"""What a phone holds, with every name once: whom the rolls of the next two weeks list, and how each
stands. As JSON has it; lms.attendance.api_messages describes it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from lms.accounts.access import Visitor
from lms.attendance.models import AttendanceRecord
from lms.attendance.queries import WhoSaid, learners_there, who_said_what
from lms.classes.models import ClassGroup, ClassSession, Enrolment
from lms.classes.wall_clock import day_bounds
from lms.people.models import Learner, UnitsByRole

#: How far ahead a phone holds its sessions, so that two weeks without network are no trouble.
DAYS_HELD = 14
#: Yesterday's sessions are held too, for a roll that was not closed in time.
DAYS_BACK = 7
#: A class may meet once more after its end.
DAYS_ENDED = 31
#: Of a class without hours.
USUAL_MINUTES = 90
#: A session, or a class, and the learners by key that its roll lists.
Rolls = dict[int, list[int]]


def sessions_to_hold(user: Visitor) -> list[ClassSession]:
    """Of the user's own classes, from a week back to two weeks ahead."""
    return _sessions(_own_classes(user))


def classes_to_hold(user: Visitor) -> list[ClassGroup]:
    """The user's own classes that go on or ended lately, for a session that nobody planned."""
    return _lately(_own_classes(user))


def _own_classes(user: Visitor, held: UnitsByRole | None = None) -> list[ClassGroup]:
    """All whose rolls the user keeps, by title."""
    classes = ClassGroup.objects.changeable_by(user, held=held).filter(teachers=user.pk)
    return list(classes.order_by("title", "pk"))


def _lately(classes: Iterable[ClassGroup]) -> list[ClassGroup]:
    since = timezone.localdate() - timedelta(days=DAYS_ENDED)
    lately = [each for each in classes if each.ends_on >= since]
    prefetch_related_objects(lately, "weekly_times")
    return lately


def _sessions(classes: Iterable[ClassGroup]) -> list[ClassSession]:
    groups, now = {each.pk: each for each in classes}, timezone.now()
    span = now - timedelta(days=DAYS_BACK), now + timedelta(days=DAYS_HELD)
    sessions = list(ClassSession.objects.filter(class_group__in=groups, starts_at__range=span))
    for each in sessions:
        each.class_group = groups[each.class_group_id]
    return sessions


def usual_minutes(class_group: ClassGroup, today: date) -> int:
    """How long the class lasts as a rule."""
    for weekly in class_group.weekly_times.all():
        hours = datetime.combine(today, weekly.ends_at) - datetime.combine(today, weekly.starts_at)
        return hours // timedelta(minutes=1)
    return USUAL_MINUTES


def held_by(user: Visitor, held: UnitsByRole) -> dict[str, Any]:
    """Everything, in six queries. held: the user's roles today."""
    own = _own_classes(user, held)
    classes, sessions = _lately(own), _sessions(own)
    prefetch_related_objects([each for each in sessions if each.added_by_id], "added_again")
    enrolments: dict[int, list[Enrolment]] = defaultdict(list)
    groups = {each.pk for each in classes} | {each.class_group_id for each in sessions}
    for each in Enrolment.objects.filter(class_group__in=groups, joined_at__isnull=False).only(
        "class_group", "learner", "joined_at", "left_at"
    ):
        enrolments[each.class_group_id].append(each)
    marks = _marks(sessions)
    _begins, ends = day_bounds(timezone.localdate())
    in_class = {
        each.pk: [stay.learner_id for stay in enrolments[each.pk] if stay.was_in_class(ends)]
        for each in classes
        if not each.is_lecture
    }
    listed = {each.pk: _listed(each, marks[each.pk], enrolments) for each in sessions}
    places, people = _people([*in_class.values(), *listed.values()])
    said = who_said_what(
        AttendanceRecord.objects.filter(session__in=sessions, differs=True)
        if any(differs for of_session in marks.values() for _status, differs in of_session.values())
        else []
    )
    rolls = {key: sorted(places[pk] for pk in set(roll)) for key, roll in in_class.items()}
    return {
        "people": people,
        "classes": [_class_out(each, rolls.get(each.pk, [])) for each in classes],
        "sessions": [
            _session_out(each, listed[each.pk], marks[each.pk], said, places, rolls)
            for each in sessions
        ],
    }


#: By learner: the status, and whether two have marked differently.
Marks = dict[int, tuple[str, bool]]


def _marks(sessions: Sequence[ClassSession]) -> dict[int, Marks]:
    marks: dict[int, Marks] = defaultdict(dict)
    records = AttendanceRecord.objects.filter(session__in=sessions)
    for session, learner, status, differs in records.values_list(
        "session", "learner", "status", "differs"
    ):
        marks[session][learner] = status, differs
    return marks


def _listed(
    session: ClassSession, marks: Marks, enrolments: Mapping[int, list[Enrolment]]
) -> list[int]:
    """Who is marked and, until the roll is closed, who was in the class on the day."""
    if session.class_group.is_lecture:
        return []
    if session.is_closed:
        return list(marks)
    return [*marks, *learners_there(session, enrolments[session.class_group_id])]


def _people(rolls: Iterable[list[int]]) -> tuple[dict[int, int], list[list[str]]]:
    """Everybody in these rolls, by name: the place of each by key; and number and name in order."""
    keys = {learner for roll in rolls for learner in roll}
    rows = list(
        Learner.objects.filter(pk__in=keys)
        .order_by("sort_key", "pk")
        .values_list("pk", "number", "name")
    )
    places = {pk: place for place, (pk, _number, _name) in enumerate(rows)}
    return places, [[number, name] for _pk, number, name in rows]


def _class_out(class_group: ClassGroup, roll: list[int]) -> dict[str, Any]:
    return {
        "id": class_group.pk,
        "title": class_group.title,
        "place": class_group.place,
        "counted": class_group.is_lecture,
        "minutes": usual_minutes(class_group, timezone.localdate()),
        "roll": roll,
    }


def _session_out(
    session: ClassSession,
    listed: list[int],
    marks: Marks,
    said: WhoSaid,
    places: Mapping[int, int],
    rolls: Rolls,
) -> dict[str, Any]:
    roll = sorted(places[learner] for learner in set(listed))
    group = session.class_group
    return {
        "id": session.pk,
        "uid": session.uid if session.added_by_id else None,
        "also": [each.uid for each in session.added_again.all()] if session.added_by_id else [],
        "class_": group.pk,
        "title": group.title,
        "place": group.place,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "state": session.state,
        "counted": group.is_lecture,
        "headcount": session.headcount,
        "roll": None if roll == rolls.get(group.pk) else roll,
        "marks": {}
        if group.is_lecture
        else {places[learner]: status for learner, (status, _differs) in marks.items()},
        "said": {
            places[learner]: [
                {
                    "by": event.recorded_by.shown_name() if event.recorded_by else "",
                    "status": event.status,
                }
                for event in said.get((session.pk, learner), [])
            ]
            for learner, (_status, differs) in marks.items()
            if differs and not group.is_lecture
        },
    }
