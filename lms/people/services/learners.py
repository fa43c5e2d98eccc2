"""Verbs that write learners and their delegates."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum import damm

from lms.accounts.models import User
from lms.people.choices import Consent, DelegateScope
from lms.people.erasure import erase_elsewhere
from lms.people.models import (
    ERASED_NAME,
    NUMBER_LENGTH,
    Delegate,
    Learner,
    LearnerMerge,
    LearnerQuerySet,
)
from lms.people.services.errors import PersonRefused
from lms.units.models import Unit

#: An authority lasts a year at most, and is then asked for again.
DELEGATE_DAYS = 366


def new_learner_number() -> str:
    """Random digits and Damm's check digit; leading zeros are kept."""
    digits = f"{secrets.randbelow(10 ** (NUMBER_LENGTH - 1)):0{NUMBER_LENGTH - 1}}"
    return digits + str(damm.calc_check_digit(digits))


def _unused_number() -> str:
    return _unused_numbers(1)[0]


def _unused_numbers(count: int) -> list[str]:
    """So many different ones that nobody has. One query, or two where chance will have it."""
    unused: set[str] = set()
    while len(unused) < count:
        made = {new_learner_number() for _time in range(count - len(unused))}
        unused |= made - set(
            Learner.objects.filter(number__in=made).values_list("number", flat=True)
        )
    return list(unused)


def find_same_learners(*, name: str, unit: Unit, birth_year: int | None) -> LearnerQuerySet:
    """Who may be the same person: same name and unit, and no other year of birth known."""
    same = Learner.objects.standing().filter(name=name, unit=unit)
    if birth_year is None:
        return same
    return same.filter(Q(birth_year=birth_year) | Q(birth_year__isnull=True))


def register_learner(
    *, name: str, unit: Unit, birth_year: int | None = None, telephone: str = ""
) -> Learner:
    """Add somebody who learns. Whether the same person is there already is `find_same_learners`'
    to say, and a person's to decide."""
    return Learner.objects.create(
        number=_unused_number(), name=name, unit=unit, birth_year=birth_year, telephone=telephone
    )


def hold_standing(learner: Learner) -> Learner:
    """The row that stands for this person, as it is now, locked: nobody merges it meanwhile."""
    key = learner.stands_as
    while True:
        row = Learner.objects.select_for_update(no_key=True).get(pk=key)
        if row.stands_as == row.pk:
            return row
        key = row.stands_as


@dataclass(frozen=True)
class Newcomer:
    """What register_learner is told, for a whole list."""

    name: str
    unit_id: int
    birth_year: int | None = None
    telephone: str = ""


def register_learners(newcomers: Sequence[Newcomer]) -> list[Learner]:
    """As register_learner, for at most some ten thousand, in their order; in a few queries."""
    numbers = _unused_numbers(len(newcomers))
    return Learner.objects.bulk_create(
        Learner(
            number=number,
            name=newcomer.name,
            unit_id=newcomer.unit_id,
            birth_year=newcomer.birth_year,
            telephone=newcomer.telephone,
        )
        for number, newcomer in zip(numbers, newcomers, strict=True)
    )


def update_learner(learner: Learner, *, name: str, birth_year: int | None, telephone: str) -> None:
    """Put right what is kept of a learner. Raises PersonRefused once it has been erased, or merged
    into another."""
    _require_standing(learner)
    learner.name, learner.birth_year, learner.telephone = name, birth_year, telephone
    learner.save(update_fields=["name", "birth_year", "telephone"])


def require_not_erased(learner: Learner) -> None:
    """Raises PersonRefused."""
    if learner.erased_at is not None:
        raise PersonRefused(_("这位学员已经注销，资料都删去了。"))


def _require_standing(learner: Learner) -> None:
    require_not_erased(learner)
    if learner.merged_into_id is not None:
        raise PersonRefused(_("这位学员刚刚并到另一位名下。请刷新页面再办。"))


@transaction.atomic
def appoint_delegate(
    *,
    learner: Learner,
    person: User,
    relation: str,
    scope: DelegateScope,
    consent: Consent,
    recorded_by: User,
    until_date: date,
    witness: str = "",
) -> Delegate:
    """Record that the learner lets a person act until that day (the first on which it is over).

    Raises PersonRefused when it would last longer than DELEGATE_DAYS or not at all, when a spoken
    consent has no witness, when somebody records an authority of their own, or has it already.
    """
    learner = hold_standing(learner)
    require_not_erased(learner)
    today = timezone.localdate()
    if not today < until_date <= today + timedelta(days=DELEGATE_DAYS):
        raise PersonRefused(_("代办最少一天，最长一年，到期可以再登记。请改到期的日子。"))
    if consent == Consent.SPOKEN and not witness.strip():
        raise PersonRefused(_("口头同意要有见证人，请写见证人的姓名。"))
    if person.pk == recorded_by.pk:
        raise PersonRefused(_("不能登记自己替别人代办，请另一位老师或管理员来登记。"))
    if person.pk == learner.user_id:
        raise PersonRefused(_("这是学员本人的账号，本人办事不用代办。"))
    if learner.delegates.in_force().filter(person=person, scope=scope).exists():
        raise PersonRefused(_("这个人已经登记过，还没有到期。要改，请先收回原来的。"))
    return Delegate.objects.create(
        learner=learner,
        person=person,
        relation=relation,
        scope=scope,
        consent=consent,
        witness=witness.strip() if consent == Consent.SPOKEN else "",
        recorded_by=recorded_by,
        until_date=until_date,
    )


def revoke_delegate(delegate: Delegate) -> None:
    """End it now; what was done under it stays, and says so."""
    Delegate.objects.filter(pk=delegate.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )


@transaction.atomic
def erase_learner(learner: Learner, *, reason: str, erased_by: User | None) -> None:
    """Forget who a learner was, at the learner's own wish (个人信息保护法). The places are given
    up, the number becomes another, so that no card leads here, and who acted for the learner is
    forgotten too; marks and figures stay, and are nobody's. So with whoever was merged into it.
    Cannot be undone. erased_by None: the learner's own hand, or the end of a period.

    Raises PersonRefused without a reason, and a second time.
    """
    learner = Learner.objects.select_for_update().get(pk=learner.pk)
    _require_standing(learner)
    if not reason.strip():
        raise PersonRefused(_("请写明为什么注销。"))
    erase_elsewhere(learner)
    for each in (*learner.merged_here.select_for_update().order_by("pk"), learner):
        _forget(each, reason=reason.strip(), erased_by=erased_by)
    merges = LearnerMerge.objects.filter(Q(kept=learner) | Q(gone__merged_into=learner))
    merges.update(notes={})


def _forget(learner: Learner, *, reason: str, erased_by: User | None) -> None:
    now = timezone.now()
    learner.delegates.filter(revoked_at__isnull=True).update(revoked_at=now)
    learner.delegates.update(person=None, relation="", witness="")
    learner.name = ERASED_NAME
    learner.number = _unused_number()
    learner.birth_year = None
    learner.telephone = ""
    learner.user = None
    learner.erased_at = now
    learner.erased_by = erased_by
    learner.erasure_reason = reason
    learner.save()
