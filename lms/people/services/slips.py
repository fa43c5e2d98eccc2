"""Verbs for who cannot sign in: a printed password that is good once, and another telephone. A
`by` of None is a command of whoever runs the site, which may do all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.accounts.services import (
    TelephoneTaken,
    print_passwords,
    remove_second_factor,
    set_telephone,
)
from lms.people.choices import RoleAct
from lms.people.models import RoleAssignment, RoleEvent, Slip
from lms.people.queries import why_not_reset
from lms.people.services.errors import PersonRefused

SLIP_DAYS = 14


@dataclass(frozen=True)
class PrintedSlip:
    """What a slip says. The password is nowhere else."""

    name: str
    #: Where its owner works, so that it finds him; blank: nowhere yet.
    unit: str
    username: str
    password: str
    expires_at: datetime


@transaction.atomic
def issue_slips(people: Sequence[User], *, reason: str, by: User | None) -> list[PrintedSlip]:
    """A one-time password for each, in their order; those before are void, and so are sessions.
    Raises PersonRefused when `by` may not do so for one of them."""
    _require_right(by, people)
    if not reason.strip():
        raise PersonRefused(_("请写明原因，例如：忘了密码。"))
    passwords = print_passwords(people)
    now = timezone.now()
    expires_at = now + timedelta(days=SLIP_DAYS)
    Slip.objects.filter(user__in=[person.pk for person in people]).delete()
    Slip.objects.bulk_create(
        [Slip(user=each, issued_by=by, issued_at=now, expires_at=expires_at) for each in people],
        batch_size=500,
    )
    _log(people, RoleAct.SLIP, reason=reason, by=by)
    units = _units_of(people)
    return [
        PrintedSlip(
            person.shown_name(),
            units.get(person.pk, ""),
            person.get_username(),
            password,
            expires_at,
        )
        for person, password in zip(people, passwords, strict=True)
    ]


def _units_of(people: Sequence[User]) -> dict[int, str]:
    """By person, the name of the unit of the first role that is not over."""
    roles = RoleAssignment.objects.not_over().filter(person__in=[person.pk for person in people])
    names = roles.order_by("-from_date", "-pk").values_list("person", "unit__name")
    return dict(names)


@transaction.atomic
def change_telephone(person: User, *, number: str, reason: str, by: User) -> None:
    """The old telephone (lost) opens nothing any more: its number, its sessions and the second
    factor on it. `number` as kept. Raises PersonRefused."""
    _require_right(by, [person])
    if person.telephone == number:
        raise PersonRefused(_("现在登记的就是这个号码。"))
    if not reason.strip():
        raise PersonRefused(_("请写明原因，例如：手机丢了。"))
    try:
        set_telephone(person, number=number)
    except TelephoneTaken:
        raise PersonRefused(_("这个号码已经在别的账号上，请核对。")) from None
    remove_second_factor(person)
    _log([person], RoleAct.TELEPHONE, reason=reason, by=by)


def _require_right(by: User | None, people: Sequence[User]) -> None:
    if by is None:
        return
    refused = why_not_reset(by, people)
    for person in people:
        if person.pk in refused:
            raise PersonRefused(f"{person.shown_name()}：{refused[person.pk]}")


def _log(people: Sequence[User], act: RoleAct, *, reason: str, by: User | None) -> None:
    today = timezone.localdate()
    RoleEvent.objects.bulk_create(
        [
            RoleEvent(person=each, act=act, on=today, reason=reason.strip(), recorded_by=by)
            for each in people
        ],
        batch_size=500,
    )


def without_own_password(people: Sequence[User]) -> list[User]:
    """Of these, in their order, who has none or only a printed one. One query."""
    printed = Slip.objects.filter(user__in=[person.pk for person in people])
    of_paper = set(printed.values_list("user", flat=True))
    return [each for each in people if each.pk in of_paper or not each.has_usable_password()]


@transaction.atomic
def choose_password(user: User, *, password: str) -> None:
    """The owner's own, which takes the place of the printed one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    Slip.objects.filter(user=user).delete()
