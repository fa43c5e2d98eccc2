"""Returns to try, of two months, in the demo's district. Of the month before all is approved up to
its streets. Of the last one three streets have signed and wait for the district; of a fourth some
villages are in, one was sent back, one is missing, one has yet to sign, and a headcount was put
right after it had been signed; the fifth, the demo officer's own, has yet to begin.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.attendance.services.closing import close_session
from lms.attendance.services.headcounts import correct_headcount
from lms.classes.choices import ClassKind, SessionState
from lms.classes.services.class_groups import create_class
from lms.classes.services.sessions import add_session
from lms.returns.choices import SignedBy
from lms.returns.figures import numbers_now, returns_below
from lms.returns.models import Return
from lms.returns.services.beginning import begin_month
from lms.returns.services.deciding import approve_returns, put_down_as_missing, send_back
from lms.returns.services.signing import submit_return
from lms.returns.snapshots import Words
from lms.returns.unusual import needs_explanation, standing_out
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from lms.units.models import Unit

WHOLE = ("440103002", "440103009", "440103013")
PART = "440103003"
OWN = "440103001"
HEADS = 24
DAYS = (6, 20)
READ_FOR = timedelta(minutes=4)


@transaction.atomic
def make_demo_returns() -> int:
    """How many returns were begun; 0, and nothing changes, where there are any, or where units and
    accounts are not there yet."""
    people = get_user_model().objects.in_bulk(["district", "city"], field_name="username")
    streets = list(Unit.objects.filter(code__in=(*WHOLE, PART, OWN)))
    if len(streets) < 5 or len(people) < 2 or Return.objects.exists():
        return 0
    last = Period.of(PeriodKind.MONTH, timezone.localdate()).previous
    for street in streets:
        if street.code != OWN:  # which has classes already
            _hold_lectures(street, (last.previous, last), people["city"])
    made = begin_month(last.previous) + begin_month(last)
    returns = Return.objects.select_related("unit")
    for month, codes in ((last.previous, (*WHOLE, PART, OWN)), (last, WHOLE)):
        for one in returns.of_month(month).filter(unit__code__in=codes):
            _play_whole(one, people["city"], people["district"])
    part = returns.of_month(last).get(unit__code=PART)
    _play_part(part, people["city"], people["district"])
    return made


def _hold_lectures(street: Unit, months: Sequence[Period], officer: User) -> None:
    """Two a month in each village, but none in the last village in the last month."""
    villages = list(street.get_children().open())
    for number, village in enumerate(villages):
        lecture = create_class(
            unit=village,
            title=_("手机防骗讲座"),
            kind=ClassKind.LECTURE,
            starts_on=months[0].starts_on,
            ends_on=months[-1].ends_on,
            weekly_times=[],
        )
        for month in months[: 1 if village == villages[-1] else 2]:
            for day in DAYS:
                date_of_it = month.starts_on.replace(day=day + number % 5)
                begins = timezone.make_aware(datetime.combine(date_of_it, time(9, 30)))
                session = add_session(
                    lecture,
                    starts_at=begins,
                    ends_at=begins + timedelta(hours=1.5),
                    added_by=officer,
                )
                heads = HEADS + (number * 7 + day) % 30
                close_session(session, closed_by=officer, headcount=heads)
        lecture.sessions.filter(state=SessionState.CLOSED).update(closed_at=F("ends_at"))


def _play_whole(street: Return, signer: User, approver: User) -> None:
    """All villages are approved, and the street has signed."""
    below = returns_below(street)
    for one in below:
        _sign(one, signer)
    _approve(street, below, approver)
    street.refresh_from_db()
    _sign(street, signer)
    _kept_their_day([street, *below])


def _play_part(street: Return, signer: User, approver: User) -> None:
    *sent, missing, _blank = returns_below(street)
    for one in sent:
        _sign(one, signer)
    _kept_their_day(sent)
    put_down_as_missing(missing, turn=0, by=approver, reason=_("村里停电一个星期，资料没有送来。"))
    send_back(sent[2], turn=1, by=approver, note=_("请写明第二周为什么没有上课。"))
    _approve(street, sent[3:6], approver)
    _put_right(sent[0], signer)


def _approve(street: Return, below: Sequence[Return], approver: User) -> None:
    approve_returns(
        street,
        turns={one.pk: 1 for one in below},
        by=approver,
        opened_at=timezone.now() - READ_FOR,
    )


def _kept_their_day(returns: Sequence[Return]) -> None:
    """Where that has passed; of a month that is due later, today is early enough."""
    signed = Return.objects.filter(pk__in=[one.pk for one in returns])
    signed.filter(due_on__lt=timezone.localdate()).update(submitted_on=F("due_on"))


def _sign(one: Return, by: User) -> None:
    found = standing_out(one, numbers_now(one, returns_below(one)))
    words = Words(
        explanation=_("这个月村里在修活动室。") if needs_explanation(one, found) else "",
        remarks="",
        signed_name=by.shown_name(),
    )
    submit_return(one, turn=one.turn, by=by, signed_with=SignedBy.PASSWORD, words=words)


def _put_right(one: Return, by: User) -> None:
    [group] = one.unit.class_groups.filter(kind=ClassKind.LECTURE)
    session = group.sessions.order_by("-starts_at").first()
    if session is not None and session.headcount is not None:
        heads = session.headcount + 3
        correct_headcount(session, headcount=heads, reason=_("漏数了三位"), recorded_by=by)
