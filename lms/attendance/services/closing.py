"""Ending the roll of a session."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.attendance.queries import unmarked_learners
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.classes.sums import settle_sessions


class RollRefused(Exception):
    """A session that cannot be closed yet; the text says why and what to do."""


@transaction.atomic
def close_session(session: ClassSession, *, closed_by: User, headcount: int | None = None) -> None:
    """End the roll; a headcount of None leaves the one that was noted before. Raises RollRefused
    before it has begun, while somebody is unmarked (a lecture has no roll), and when it is closed
    or cancelled."""
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    if session.state != SessionState.PLANNED:
        raise RollRefused(_("这次课已经点过名或取消了。"))
    if not session.takes_marks:
        raise RollRefused(_("这次课还没有开始，不能结束点名。"))
    unmarked = [] if session.class_group.is_lecture else unmarked_learners(session)
    if unmarked:
        names = "、".join(learner.name for learner in unmarked[:5])
        raise RollRefused(
            _("还有%(count)d人没有点：%(names)s。请点完，或者说明其余的人到没到。")
            % {"count": len(unmarked), "names": names}
        )
    session.state = SessionState.CLOSED
    session.closed_at = timezone.now()
    session.closed_by = closed_by
    if headcount is not None:
        session.headcount = headcount
    session.save(update_fields=["state", "closed_at", "closed_by", "headcount"])
    settle_sessions([session.pk])
