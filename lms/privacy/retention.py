"""How long what is kept about people is kept: a line each, carried out every night.

What a period takes away is said by the room that keeps it; here stand the periods and their order.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.progress.records import forget_unused
from courses.progress.screen import COOKIE_SECONDS
from lms.accounts.models import SELF_MADE, User
from lms.alerts.services import forget_words_met
from lms.helpline.services import forget_closed_help
from lms.ledger.services.imports import sweep_tables
from lms.notices.services.people import forget_before as forget_notices
from lms.people.models import UNDONE_WITHIN, Learner, LearnerQuerySet, Look
from lms.people.services.learners import erase_learner
from lms.people.services.merging import forget_notes
from lms.privacy.models import PeriodRun
from lms.privacy.services import delete_account
from lms.rosters.learners.services import sweep_lists
from lms.rosters.models import PREVIEW_FOR
from lms.rosters.staff.services import sweep_staff_lists

logger = logging.getLogger(__name__)

#: Of learners and accounts, which go one by one; the next night goes on.
MOST_A_NIGHT = 2000


@dataclass(frozen=True)
class Period:
    """`forget` takes away what is from before a moment and returns how many rows."""

    name: str
    what: str | Promise
    after: Callable[[], timedelta]
    forget: Callable[[datetime], int]
    #: The name under which a city sets it; "": it is no city's to decide.
    setting: str = ""

    @property
    def days(self) -> int:
        return self.after().days


def days_of(setting: str) -> Callable[[], timedelta]:
    return lambda: timedelta(days=getattr(settings, setting))


def forget_records(before: datetime) -> int:
    """Under a number after the period, without one as soon as browsers drop its cookie."""
    today = timezone.localdate()
    return forget_unused(
        with_code_before=timezone.localdate(before),
        without_before=today - timedelta(seconds=COOKIE_SECONDS),
    )


def long_gone(before: datetime) -> LearnerQuerySet:
    """Learners who were registered before then, and have been in no class that went on since."""
    return (
        Learner.objects.standing()
        .filter(registered_at__lt=before)
        .exclude(enrolments__class_group__ends_on__gte=timezone.localdate(before))
        .exclude(attendance_records__session__starts_at__gte=before)
        .exclude(help_requests__asked_at__gte=before)
    )


def forget_learners(before: datetime) -> int:
    gone = list(long_gone(before).order_by("pk")[:MOST_A_NIGHT])
    for learner in gone:
        erase_learner(learner, reason=_("很久没有来上课，到期删去"), erased_by=None)
    return len(gone)


def forget_accounts(before: datetime) -> int:
    """Made by telephone, signed in to before then and on no screen still."""
    signed_in = {
        session.get_decoded().get(SESSION_KEY)
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    }
    idle = User.objects.filter(username__startswith=SELF_MADE, last_login__lt=before)
    idle = idle.exclude(learner_record__used_on__gte=timezone.localdate(before))
    idle = idle.exclude(televisions__last_seen_at__gte=before)
    some = idle.order_by("pk")[:MOST_A_NIGHT]
    return sum(delete_account(user) for user in some if str(user.pk) not in signed_in)


def forget_lists(_before: datetime) -> int:
    """Lists of learners and of staff, tables of the ledger, by the periods of their rooms."""
    return sweep_lists() + sweep_staff_lists() + sweep_tables()


def forget_sessions(before: datetime) -> int:
    count, _kinds = Session.objects.filter(expire_date__lt=before).delete()
    return count


PERIODS = (
    Period(
        "learners",
        gettext_lazy("学员的姓名、出生年份、电话（最后一次上课以后）"),
        days_of("LEARNERS_KEPT_DAYS"),
        forget_learners,
        "LEARNERS_KEPT_DAYS",
    ),
    Period(
        "accounts",
        gettext_lazy("手机号账号（最后一次用以后）"),
        days_of("ACCOUNTS_KEPT_DAYS"),
        forget_accounts,
        "ACCOUNTS_KEPT_DAYS",
    ),
    Period(
        "records",
        gettext_lazy("学习号的学习记录（最后一次用以后）"),
        days_of("LEARNER_RECORD_KEPT_DAYS"),
        forget_records,
        "LEARNER_RECORD_KEPT_DAYS",
    ),
    Period(
        "help",
        gettext_lazy("求助人的电话和称呼（办完以后）"),
        days_of("HELP_KEPT_DAYS"),
        lambda before: forget_closed_help(before=before),
        "HELP_KEPT_DAYS",
    ),
    Period(
        "notices",
        gettext_lazy("通知发给了谁（发出以后）"),
        days_of("NOTICES_KEPT_DAYS"),
        forget_notices,
        "NOTICES_KEPT_DAYS",
    ),
    Period(
        "met",
        gettext_lazy("“我遇到了”里自己写的话"),
        days_of("MET_KEPT_DAYS"),
        lambda before: forget_words_met(before=before),
        "MET_KEPT_DAYS",
    ),
    Period(
        "looks",
        gettext_lazy("谁看过学员资料的记录"),
        days_of("LOOKS_KEPT_DAYS"),
        Look.objects.remove_before,
        "LOOKS_KEPT_DAYS",
    ),
    Period(
        "merges",
        gettext_lazy("合并学员以前的姓名和电话"),
        lambda: UNDONE_WITHIN,
        lambda before: forget_notes(before=before),
    ),
    Period("lists", gettext_lazy("传上来、没有导入的名单"), lambda: PREVIEW_FOR, forget_lists),
    Period("sessions", gettext_lazy("已经退出的登录"), timedelta, forget_sessions),
)


def keep_periods() -> None:
    """Take away what is over, period by period; one that fails keeps none of the others from it."""
    for period in PERIODS:
        try:
            count: int | None = period.forget(timezone.now() - period.after())
        except Exception:
            logger.exception("The period %s was not kept", period.name)
            count = None
        PeriodRun.objects.update_or_create(
            period=period.name, defaults={"ended_at": timezone.now(), "count": count}
        )
