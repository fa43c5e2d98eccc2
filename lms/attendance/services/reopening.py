"""Taking back what was said of a session as a whole: that its roll is over, or that it was held."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.attendance.choices import SessionChangeKind
from lms.attendance.models import SessionChange
from lms.attendance.services.closing import RollRefused
from lms.classes.choices import SessionState
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.sums import settle_sessions

#: So long a teacher puts it right alone; after that the officer above does.
TEACHER_DAYS = 7


def may_change(session: ClassSession, user: User) -> bool:
    """Whether the user may open the roll again, or say that there was no class: the teacher for a
    week after the class or the end of the roll, an officer above at any time."""
    if ClassGroup.objects.managed_by(user).filter(pk=session.class_group_id).exists():
        return True
    last = max(session.ends_at, session.closed_at or session.ends_at)
    return (
        timezone.now() <= last + timedelta(days=TEACHER_DAYS)
        and ClassGroup.objects.changeable_by(user).filter(pk=session.class_group_id).exists()
    )


@transaction.atomic
def reopen_session(session: ClassSession, *, reason: str, recorded_by: User) -> None:
    """Let the roll of a closed session be taken on, or one that was cancelled stand again. Raises
    RollRefused without a reason, for one that is open, and for who may not any more."""
    session = _held(session, reason=reason, recorded_by=recorded_by)
    if session.is_planned:
        raise RollRefused(_("这次课的点名没有结束，不用重新打开。"))
    kind = SessionChangeKind.RESTORED if session.is_cancelled else SessionChangeKind.REOPENED
    _change(session, kind, reason=reason, recorded_by=recorded_by)
    session.state, session.reason = SessionState.PLANNED, ""
    _save(session)


@transaction.atomic
def declare_not_held(session: ClassSession, *, reason: str, recorded_by: User) -> None:
    """Say that there was no class. Its marks are kept and count for nobody. Raises RollRefused
    without a reason, before it should have begun, when it is cancelled, and for who may not."""
    session = _held(session, reason=reason, recorded_by=recorded_by)
    if session.is_cancelled:
        raise RollRefused(_("这次课已经取消了。"))
    if not session.takes_marks:
        raise RollRefused(_("这次课还没有到时间。不上了，请用“取消这次课”。"))
    _change(session, SessionChangeKind.NOT_HELD, reason=reason, recorded_by=recorded_by)
    session.state, session.reason = SessionState.CANCELLED, reason.strip()
    _save(session)


def _held(session: ClassSession, *, reason: str, recorded_by: User) -> ClassSession:
    """The session as it stands, locked."""
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    if not reason.strip():
        raise RollRefused(_("请写明原因。"))
    if not may_change(session, recorded_by):
        raise RollRefused(_("已经过了%(days)d天，要改请找上面的管理员。") % {"days": TEACHER_DAYS})
    return session


def _change(
    session: ClassSession, kind: SessionChangeKind, *, reason: str, recorded_by: User
) -> None:
    if session.closed_at is not None and session.closed_by is not None:
        SessionChange.objects.create(
            session=session,
            kind=SessionChangeKind.CLOSED,
            recorded_by=session.closed_by,
            recorded_at=session.closed_at,
        )
    SessionChange.objects.create(
        session=session, kind=kind, reason=reason.strip(), recorded_by=recorded_by
    )
    session.closed_at = session.closed_by = None


def _save(session: ClassSession) -> None:
    session.revision += 1
    session.save(update_fields=["state", "reason", "closed_at", "closed_by", "revision"])
    settle_sessions([session.pk])
