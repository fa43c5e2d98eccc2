"""How many were there: for a lecture, or beside the names."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.attendance.models import HeadcountCorrection
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import require_open
from lms.classes.sums import settle_sessions


@transaction.atomic
def record_headcount(session: ClassSession, *, headcount: int) -> None:
    """How many were there, for a lecture or beside the names. Raises ClassRefused once closed, and
    before the session has begun."""
    require_open(session)
    if not session.takes_marks:
        raise ClassRefused(_("这次课还没有开始，不能记人数。"))
    session.headcount = headcount
    session.save(update_fields=["headcount"])
    settle_sessions([session.pk])


@transaction.atomic
def correct_headcount(
    session: ClassSession, *, headcount: int, reason: str, recorded_by: User
) -> None:
    """The count before, the reason and the person are kept. Raises ClassRefused without a reason,
    when nothing changes, and for a session that is not closed."""
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    if session.state != SessionState.CLOSED:
        raise ClassRefused(_("这次课的点名没有结束，请直接记人数。"))
    if not reason.strip():
        raise ClassRefused(_("点名已经结束，改人数要写明原因。"))
    if session.headcount == headcount:
        raise ClassRefused(_("人数没有变，不用改。"))
    HeadcountCorrection.objects.create(
        session=session,
        was=session.headcount,
        headcount=headcount,
        reason=reason.strip(),
        recorded_by=recorded_by,
    )
    session.headcount = headcount
    session.save(update_fields=["headcount"])
    settle_sessions([session.pk])
