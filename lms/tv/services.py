"""Verbs that let a television in and throw it out."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.people.models import Delegate, Learner
from lms.tv.choices import PersonPicture
from lms.tv.models import Pairing, Television, TelevisionPerson
from lms.tv.models.televisions import PAIRING_LASTS


class PairingRefused(Exception):
    """A television that cannot be let in; the text says why and what to do."""


@dataclass(frozen=True)
class PairingOffer:
    """What the screen shows and keeps. Only the hashes of `token` and `code` are stored."""

    token: str
    code: str  # six digits
    match: int


def hashed(secret: str) -> str:
    return salted_hmac("lms.tv.pairing", secret, algorithm="sha256").hexdigest()


def offer_pairing() -> PairingOffer:
    """Begin a pairing for a screen; expired ones are swept."""
    Pairing.objects.filter(made_at__lte=timezone.now() - PAIRING_LASTS).delete()
    offer = PairingOffer(secrets.token_urlsafe(32), new_code(), 10 + secrets.randbelow(90))
    Pairing.objects.create(
        token_hash=hashed(offer.token), code_hash=hashed(offer.code), match=offer.match
    )
    return offer


def new_code() -> str:
    """Six digits that no open pairing has."""
    while True:
        code = f"{secrets.randbelow(1_000_000):06}"
        if not Pairing.objects.open().filter(code_hash=hashed(code)).exists():
            return code


def pairing_of_code(code: str) -> Pairing | None:
    """The open pairing that waits for these digits; None when they are wrong or too old."""
    waiting = Pairing.objects.open().filter(confirmed_for__isnull=True)
    return waiting.filter(code_hash=hashed(code)).first()


def pairing_of_token(token: str) -> Pairing | None:
    """The open pairing of the screen that holds the token; None when it is used or too old."""
    return Pairing.objects.open().filter(token_hash=hashed(token)).first()


@transaction.atomic
def confirm_pairing(
    pairing: Pairing, *, match: int, confirmed_by: User, delegate: Delegate | None = None
) -> bool:
    """Let the screen in for whoever confirms, or for the delegate's learner. False: the number is
    not the one on that screen, so that it may be a stranger's, and the pairing is over.

    Raises PairingRefused when it is over already, and for accounts that work here.
    """
    waiting = Pairing.objects.open().filter(pk=pairing.pk, confirmed_for__isnull=True)
    found = waiting.select_for_update().first()
    if found is None:
        raise PairingRefused(_("这个数字已经过期，请在电视上重新要一个。"))
    person = confirmed_by if delegate is None else account_of(delegate.learner)
    if person.is_office():
        raise PairingRefused(_("工作用的名字不能记到电视上，请用自己的手机号。"))
    if match != found.match:
        found.used_at = timezone.now()
        found.save(update_fields=["used_at"])
        return False
    found.confirmed_for = person
    found.delegate = delegate
    found.save(update_fields=["confirmed_for", "delegate"])
    return True


def account_of(learner: Learner) -> User:
    """The learner's account; made when there is none, without a password."""
    if learner.user is None:
        learner.user = User.objects.create_user(
            f"learner-{learner.number}", first_name=learner.name
        )
        learner.save(update_fields=["user"])
    return learner.user


@transaction.atomic
def finish_pairing(token: str, *, television: Television | None) -> TelevisionPerson:
    """Make the screen a television of the household, or add a person to the one that it is.

    Raises PairingRefused when nobody has confirmed it, or it is over, or the authority is under
    which it was confirmed, or all pictures are taken.
    """
    over = PairingRefused(_("还没有在手机上确认，或者已经过期。请重新要一个数字。"))
    pairing = pairing_of_token(token)
    if pairing is None or pairing.confirmed_for is None:
        raise over
    if pairing.delegate is not None and not pairing.delegate.is_in_force:
        raise over
    used = Pairing.objects.open().filter(pk=pairing.pk).update(used_at=timezone.now())
    if not used:
        raise over
    if television is None:
        television = Television.objects.create(name=_("家里的电视"))
    Television.objects.select_for_update().get(pk=television.pk)
    television.people.ended().delete()
    known = television.people.filter(user=pairing.confirmed_for).first()
    if known is not None:
        if known.delegate_id is not None:  # who came in by oneself needs nobody's authority
            known.delegate = pairing.delegate
            known.save(update_fields=["delegate"])
        return known
    taken = set(television.people.values_list("picture", flat=True))
    free = [picture for picture in PersonPicture if picture not in taken]
    if not free:
        raise PairingRefused(_("那个电视上已经有六个人了。请先去掉一个。"))
    return TelevisionPerson.objects.create(
        television=television,
        user=pairing.confirmed_for,
        delegate=pairing.delegate,
        picture=free[0],
    )


def see(person: TelevisionPerson) -> None:
    """Note that the person watches now."""
    person.last_seen_at = timezone.now()
    person.save(update_fields=["last_seen_at"])


def rename(television: Television, *, name: str) -> None:
    """What its household calls it."""
    television.name = name
    television.save(update_fields=["name"])


@transaction.atomic
def revoke(person: TelevisionPerson) -> None:
    """Throw the person out of that television, at once; its last one takes the television along."""
    television = person.television
    person.delete()
    if not television.people.exists():
        television.delete()
