"""What becomes of the marks of two learners who are one person, and of one who is two after all.

No event is touched: records are made anew of what the events say.
"""

from collections.abc import Collection

from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.attendance.services.deriving import derive_marks
from lms.classes.models import ClassSession, Enrolment
from lms.classes.sums import settle_sessions
from lms.people.models import Learner

#: Rows that are locked at once.
BATCH = 500


def merge_marks(kept: Learner, gone: Learner) -> None:
    """The records of both become the kept one's, and the figures follow."""
    records = AttendanceRecord.objects.filter(learner=gone)
    sessions = set(records.values_list("session", flat=True))
    _derive_anew({kept.pk, gone.pk}, sessions, {kept.pk})


def undo_marks(kept: Learner, gone: Learner, _note: None) -> None:
    """Each has the records that its own events make."""
    events = AttendanceEvent.objects.filter(learner__in=_rows_of(gone))
    sessions = set(events.values_list("session", flat=True))
    both = {kept.pk, gone.pk}
    _derive_anew(both, sessions, both)


def _derive_anew(of: set[int], sessions: set[int], to: set[int]) -> None:
    AttendanceRecord.objects.filter(learner__in=of, session__in=sessions).delete()
    derive_marks((session, learner) for session in sessions for learner in to)
    settle_sessions(sessions)


def _rows_of(learner: Learner) -> list[int]:
    return [learner.pk, *learner.merged_here.values_list("pk", flat=True)]


def sessions_of(learners: Collection[int]) -> set[int]:
    """Where one of these is marked or may be: whoever takes a roll locks its session first."""
    classes = Enrolment.objects.filter(learner__in=learners).values("class_group")
    may_be = ClassSession.objects.filter(class_group__in=classes).values_list("pk", flat=True)
    marked = AttendanceEvent.objects.filter(learner__in=learners)
    return {*may_be, *marked.values_list("session", flat=True)}


def hold_sessions(sessions: Collection[int]) -> None:
    keys = sorted(sessions)
    for start in range(0, len(keys), BATCH):
        some = ClassSession.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        list(some.select_for_update().values_list("pk"))
