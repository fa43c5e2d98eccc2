"""Verbs that write calls for help."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.accounts.telephones import plain_telephone
from lms.helpline.choices import HelpState
from lms.helpline.models import HelpRequest, HelpRequestQuerySet
from lms.people.models import Learner, is_learner_number
from lms.units.models import Unit

#: Digits of a telephone in China: seven or eight at home, ten to twelve with the area's or 11 of a
#: mobile one.
TELEPHONE = re.compile(r"[1-9]\d{6,7}|0\d{9,11}|1\d{10}")


class HelpRefused(Exception):
    """A call that cannot be taken or closed; the text says what to do."""


@transaction.atomic
def ask_for_help(*, unit: Unit, number: str, name: str = "", page: Any = None) -> HelpRequest:
    """Ask the unit's staff to call that telephone, or the learner of that number.

    Who waits already goes on waiting: the same request is returned, with what was on the screen
    now. Raises HelpRefused for a number that is neither.
    """
    number = plain_telephone(number).replace("-", "")
    learner = Learner.objects.called(number).first() if is_learner_number(number) else None
    if learner is None and not TELEPHONE.fullmatch(number):
        raise HelpRefused(_("这个号码不对，请再看一看：电话号码，或者学员卡上的9位数字。"))
    whose: dict[str, Any] = {"learner": None, "telephone": number}
    if learner is not None:
        whose = {"learner": learner}
        unit = learner.unit
    request, _is_new = HelpRequest.objects.update_or_create(
        unit=unit,
        state=HelpState.OPEN,
        **whose,
        defaults={"page": page, **({"name": name} if name else {})},
    )
    return request


def close_help(request: HelpRequest, *, closed_by: User, note: str = "") -> None:
    """Raises HelpRefused when a colleague was first."""
    closed = HelpRequest.objects.filter(pk=request.pk, state=HelpState.OPEN).update(
        state=HelpState.CLOSED, closed_at=timezone.now(), closed_by=closed_by, closed_note=note
    )
    if not closed:
        raise HelpRefused(_("这一条已经有人办好了。"))


def forget_help_of(learner: Learner) -> None:
    """Who asked is erased: a call that waits is no longer wanted, of those answered only where and
    when stay."""
    asked = HelpRequest.objects.filter(learner=learner)
    asked.open().delete()
    _make_nobodys(asked)


def _make_nobodys(requests: HelpRequestQuerySet) -> int:
    return requests.closed().update(
        telephone="", name="", learner=None, closed_note="", forgotten_at=timezone.now()
    )


def forget_closed_help(*, before: datetime) -> int:
    """Take out of requests closed before then who asked, the number and what came of it; where and
    when stay, for the figures. Returns how many."""
    return _make_nobodys(HelpRequest.objects.filter(closed_at__lt=before))
