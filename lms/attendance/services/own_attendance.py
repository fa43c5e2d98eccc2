"""Learners who say themselves that they have come. It never outweighs what a teacher has marked."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.attendance.choices import AttendanceStatus
from lms.attendance.class_codes import is_open
from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.attendance.services.events import event_id, keep_events
from lms.attendance.services.page import next_sequence
from lms.classes.choices import EnrolmentState
from lms.classes.models import ROLL_OPENS_BEFORE, ClassSession
from lms.people.models import Learner

#: Under it each session has a device of its own, for all its learners' telephones.
SCREENS = uuid.UUID("0f0b8a52-2f0c-4f0e-8a5e-3f5f5d8c1b7a")


class OwnMarkRefused(Exception):
    """A learner who cannot be marked so; the text says why and what to do."""


def sessions_open_to(learner: Learner) -> list[ClassSession]:
    """Those that run now, of the classes that the learner is in."""
    now = timezone.now()
    running: QuerySet[ClassSession] = ClassSession.objects.filter(
        class_group__enrolments__learner=learner,
        class_group__enrolments__state=EnrolmentState.ENROLLED,
        starts_at__lte=now + ROLL_OPENS_BEFORE,
        ends_at__gt=now,
    )
    return [s for s in running.select_related("class_group") if is_open(s, now)]


@transaction.atomic
def mark_oneself(session: ClassSession, *, learner: Learner) -> AttendanceRecord:
    """Note that the learner has come; a second time, do nothing. Raises OwnMarkRefused for who is
    not in the class, at another time, and when a teacher has marked already."""
    # Whoever marks at the same moment waits here, so that a teacher's mark is seen.
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    now = timezone.now()
    if not is_open(session, now):
        raise OwnMarkRefused(_("现在不是这次课的时间。请找老师。"))
    if not is_in_class(session, learner):
        raise OwnMarkRefused(_("您不在这个班的名单上。请找老师登记。"))
    mark = (
        AttendanceRecord.objects.filter(session=session, learner=learner)
        .select_related("event")
        .first()
    )
    if mark is None:
        device = uuid.uuid5(SCREENS, str(session.pk))
        sequence = next_sequence(device)
        event = AttendanceEvent(
            id=event_id(device, sequence),
            device_id=device,
            sequence=sequence,
            session=session,
            learner=learner,
            status=AttendanceStatus.PRESENT,
            device_time=now,
            marked_at=now,
        )
        keep_events([event])
        mark = AttendanceRecord.objects.get(session=session, learner=learner)
    elif mark.event.recorded_by_id is not None:
        raise OwnMarkRefused(_said_by_teacher(mark))
    return mark


def is_in_class(session: ClassSession, learner: Learner) -> bool:
    """On the day of the session."""
    there: Any = session.class_group.enrolments.in_class_on(session.day).filter(learner=learner)
    return bool(there.exists())


def _said_by_teacher(mark: AttendanceRecord) -> str:
    if mark.status == AttendanceStatus.PRESENT:
        return _("老师已经点过了：到。您不用再点。")
    return _("老师已经点过了：%(status)s。要改，请找老师。") % {"status": mark.get_status_display()}
