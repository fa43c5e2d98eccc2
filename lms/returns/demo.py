"""Returns to try: a street whose villages held lectures in the last two months. The month before
is approved; of the last one some are handed in, one was sent back, one is missing, and a headcount
was put right after it had been signed.
"""

from collections.abc import Sequence
from datetime import time, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.attendance.services.closing import close_session
from lms.attendance.services.headcounts import correct_headcount
from lms.classes.choices import ClassKind, SessionState
from lms.classes.services.class_groups import MeetingTime, create_class
from lms.classes.services.sessions import plan_sessions
from lms.returns.choices import SignedBy
from lms.returns.figures import numbers_now
from lms.returns.models import Return
from lms.returns.services.beginning import begin_month
from lms.returns.services.deciding import approve_returns, put_down_as_missing, send_back
from lms.returns.services.signing import submit_return
from lms.returns.snapshots import Words
from lms.returns.unusual import needs_explanation, standing_out
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from lms.units.models import Unit

STREET = "440103001"
#: Villages of the street that hold a lecture a week; the others held nothing.
TEACHING = 9
HEADS = 24
READ_FOR = timedelta(minutes=4)


@transaction.atomic
def make_demo_returns() -> int:
    """How many returns were begun; 0, and nothing changes, where there are any, or where street and
    accounts are not there yet."""
    people = get_user_model().objects.in_bulk(["street", "district"], field_name="username")
    street = Unit.objects.filter(code=STREET).first()
    if street is None or len(people) < 2 or Return.objects.exists():
        return 0
    last = Period.of(PeriodKind.MONTH, timezone.localdate()).previous
    _hold_lectures(street, last, people["street"])
    made = begin_month(last.previous) + begin_month(last)
    for month in (last.previous, last):
        one = Return.objects.filter(unit=street, month=month.starts_on).first()
        if one is not None:
            _play(one, people["street"], people["district"], whole=month != last)
    return made


def _hold_lectures(street: Unit, last: Period, officer: User) -> None:
    for number, village in enumerate(street.get_children().open()[:TEACHING]):
        lecture = create_class(
            unit=village,
            title=_("手机防骗讲座"),
            kind=ClassKind.LECTURE,
            starts_on=last.previous.starts_on,
            ends_on=last.ends_on,
            weekly_times=[MeetingTime(1 + number % 5, time(9, 30), time(11))],
        )
        plan_sessions(lecture, since=last.previous.starts_on)
        for place, session in enumerate(lecture.sessions.order_by("starts_at")):
            close_session(
                session, closed_by=officer, headcount=HEADS + (number * 7 + place * 5) % 30
            )
        lecture.sessions.filter(state=SessionState.CLOSED).update(closed_at=F("ends_at"))


def _play(above: Return, street: User, district: User, *, whole: bool) -> None:
    """`whole`: all are approved, and the street has signed its own."""
    below = list(above.below.select_related("unit", "snapshot").order_by("unit__code"))
    missing, blank, back = ([], [], []) if whole else (below[-1:], below[-3:-1], below[2:3])
    sent = [one for one in below if one not in (*missing, *blank)]
    for one in sent:
        _sign(one, [], street)
    for one in missing:
        put_down_as_missing(one, turn=0, by=street, reason=_("村里停电一个星期，资料没有送来。"))
    for one in back:
        send_back(one, turn=1, by=district, note=_("请写明第二周为什么没有上课。"))
    approved = [one for one in sent if one not in back][:: 1 if whole else 2]
    approve_returns(
        above,
        turns={one.pk: 1 for one in approved},
        by=district,
        opened_at=timezone.now() - READ_FOR,
    )
    Return.objects.filter(pk__in=[one.pk for one in sent[1:]]).update(submitted_on=F("due_on"))
    if whole:
        above.refresh_from_db()
        _sign(above, list(above.below.select_related("unit", "snapshot")), street)
        Return.objects.filter(pk=above.pk).update(submitted_on=F("due_on"))
    else:
        _put_right(sent[0], street)


def _sign(one: Return, below: Sequence[Return], by: User) -> None:
    found = standing_out(one, numbers_now(one, below))
    words = Words(
        explanation=_("这个月村里在修活动室。") if needs_explanation(one, found) else "",
        remarks="",
        signed_name=by.shown_name(),
    )
    submit_return(one, turn=one.turn, by=by, signed_with=SignedBy.PASSWORD, words=words)


def _put_right(one: Return, by: User) -> None:
    group = one.unit.class_groups.filter(kind=ClassKind.LECTURE).first()
    sessions = group.sessions.filter(state=SessionState.CLOSED) if group else None
    session = sessions.order_by("-starts_at").first() if sessions is not None else None
    if session is not None and session.headcount is not None:
        correct_headcount(
            session, headcount=session.headcount + 3, reason=_("漏数了三位"), recorded_by=by
        )
