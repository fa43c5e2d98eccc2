"""Moving and calling off one session, with who did it and why."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.attendance.choices import SessionChangeKind
from lms.attendance.models import SessionChange
from lms.classes.models import ClassSession
from lms.classes.services import sessions


@transaction.atomic
def move_session(
    session: ClassSession, *, starts_at: datetime, reason: str, recorded_by: User
) -> None:
    """As lms.classes has it. Raises ClassRefused."""
    before = session.starts_at
    sessions.move_session(session, starts_at=starts_at, reason=reason)
    _note(session, SessionChangeKind.MOVED, reason, recorded_by, moved_from=before)


@transaction.atomic
def cancel_session(session: ClassSession, *, reason: str, recorded_by: User) -> None:
    """As lms.classes has it. Raises ClassRefused."""
    sessions.cancel_session(session, reason=reason)
    _note(session, SessionChangeKind.CANCELLED, reason, recorded_by)


def _note(
    session: ClassSession,
    kind: SessionChangeKind,
    reason: str,
    recorded_by: User,
    *,
    moved_from: datetime | None = None,
) -> None:
    SessionChange.objects.create(
        session=session,
        kind=kind,
        reason=reason.strip(),
        recorded_by=recorded_by,
        moved_from=moved_from,
    )
