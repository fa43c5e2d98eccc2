"""Putting a headcount right once the roll is closed. Before that it is `record_headcount`'s."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.schools.choices import SessionState
from lms.schools.models import ClassSession, HeadcountCorrection
from lms.schools.services.classes import ClassRefused
from lms.schools.services.figures import settle_sessions


@transaction.atomic
def correct_headcount(
    session: ClassSession, *, headcount: int, reason: str, recorded_by: Any
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
