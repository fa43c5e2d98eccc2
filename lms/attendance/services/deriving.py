"""Making the records what the events add up to."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.attendance.what_holds import Said, what_holds
from lms.rows import write_rows

#: Of more learners, everybody's events of the session are asked for: that costs less than to name
#: them all.
NAMED = 10
#: A session and who is marked there.
Pair = tuple[int, int]


def derive_marks(pairs: Iterable[Pair]) -> None:
    """Make the marks of these (session, learner) what all their events add up to; of a learner who
    was merged into another, that one's. Whoever was merged has an event there: asked with these,
    after they are stored, so that a merge at the same moment either is seen here, or sees them
    (their keys are locked till then). Two queries, however many there are; three where somebody
    was merged."""
    wanted = set(pairs)
    said: dict[Pair, list[Said[uuid.UUID]]] = defaultdict(list)
    merged_at: dict[int, datetime] = {}
    stands_for: dict[int, int] = {}
    learners = {learner for _session, learner in wanted}
    events = AttendanceEvent.objects.filter(session__in={session for session, _learner in wanted})
    if len(learners) <= NAMED:
        events = events.filter(Q(learner__in=learners) | Q(learner__merged_into__in=learners))
    for session, into, since, learner, by, event, status, marked_at, received_at in events.order_by(
        "marked_at", "id"
    ).values_list(
        "session",
        "learner__merged_into",
        "learner__merged_at",
        "learner",
        "recorded_by_id",
        "id",
        "status",
        "marked_at",
        "received_at",
    ):
        if since is not None:
            merged_at[learner] = since
        if into is not None and (session, learner) in wanted:
            stands_for[learner] = into
        said[session, into or learner].append(
            Said(by, learner, status, marked_at, received_at, event)
        )
    if stands_for:
        derive_marks((session, stands_for.get(learner, learner)) for session, learner in wanted)
    else:
        _keep({pair: marks for pair, marks in said.items() if pair in wanted}, merged_at)


def _keep(
    said: Mapping[Pair, Collection[Said[uuid.UUID]]], merged_at: Mapping[int, datetime]
) -> None:
    records = [
        (session, learner, found.holds.event, found.holds.status, found.differs)
        for (session, learner), marks in sorted(said.items())
        if (found := what_holds(marks, merged_at))
    ]
    write_rows(
        AttendanceRecord,
        ("session", "learner", "event", "status", "differs"),
        records,
        unique=("session", "learner"),
    )
