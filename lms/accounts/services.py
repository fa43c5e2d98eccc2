"""Verbs that write people."""

import secrets
from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.choices import Purpose
from lms.accounts.display import Display
from lms.accounts.models import SELF_MADE, Agreement, DisplaySettings, User
from lms.accounts.second_factor.adapter import fernet


@transaction.atomic
def make_demo_account(
    *, username: str, last_name: str, password: str, administrator: bool = False, group: str = ""
) -> bool:
    """Make an account to try the site with, in the group of that name if one is given.

    False, and nothing is changed, when the name is taken.
    """
    if User.objects.filter(username=username).exists():
        return False
    user = User.objects.create_user(
        username=username,
        password=password,
        last_name=last_name,
        is_superuser=administrator,
        is_staff=administrator,
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    return True


@transaction.atomic
def make_administrator(*, telephone: str) -> User:
    """Whoever has that number (as kept) may do everything from now on. The account is made, without
    a password, when nobody has it."""
    user = User.objects.filter(telephone=telephone).first()
    if user is None:
        user = make_account(name="", telephone=telephone)
    user.is_superuser = user.is_staff = True
    user.save(update_fields=["is_superuser", "is_staff"])
    return user


def keep_display(*, user: User, display: Display) -> None:
    """Remember a person's choices for every screen."""
    DisplaySettings.objects.update_or_create(user=user, defaults=display.values())


class TelephoneTaken(Exception):
    """The number signs in to another account already; the text says what to do."""


def account_of_telephone(number: str) -> User:
    """Whose number (as kept) was confirmed just now; made, with nothing but the number, when it is
    nobody's."""
    known = User.objects.filter(telephone=number).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            user = User(username=f"{SELF_MADE}{secrets.token_hex(6)}", telephone=number)
            user.set_unusable_password()
            user.save()
    except IntegrityError:  # confirmed on two screens at once
        return User.objects.get(telephone=number)
    return user


def set_telephone(user: User, *, number: str) -> None:
    """From now on the account is signed in to by that number, which was confirmed, and by no
    other. Raises TelephoneTaken."""
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(telephone=number)
    except IntegrityError:
        raise TelephoneTaken(
            _("这个号码已经记在另一个名字上。请先用它进来，在那里换成别的号码。")
        ) from None
    user.telephone = number


#: Of a name to sign in with that is printed on a slip: digits, which any telephone types.
SIGN_IN_NUMBER_DIGITS = 8
#: Of a printed password: 49 bits, and none of the signs that are taken for another.
PRINTED_SIGNS, PRINTED_LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 10
PRINTED_ITERATIONS = 20_000


#: What allauth.mfa has us encrypt.
ENCRYPTED = {"secret", "seed"}


def make_account(*, name: str, telephone: str = "") -> User:
    """For somebody who is to work here: with a number to sign in by, without a password. A
    telephone (as kept) signs in by code; that it answers there confirms it. Raises TelephoneTaken.
    """
    [user] = make_accounts([(name, telephone)])
    return user


def make_accounts(people: Sequence[tuple[str, str]]) -> list[User]:
    """As make_account, of names and telephones, in their order; in a few queries."""
    numbers = _unused_sign_in_numbers(len(people))
    users = [
        User(username=number, first_name=name, telephone=telephone)
        for number, (name, telephone) in zip(numbers, people, strict=True)
    ]
    for user in users:
        user.set_unusable_password()
    try:
        with transaction.atomic():
            return User.objects.bulk_create(users, batch_size=500)
    except IntegrityError:
        raise TelephoneTaken(_("这个号码刚才有人用了，请再办一次。")) from None


def _unused_sign_in_numbers(count: int) -> list[str]:
    """Not one after the other, so that nobody guesses a colleague's."""
    unused: set[str] = set()
    least = 10 ** (SIGN_IN_NUMBER_DIGITS - 1)
    while len(unused) < count:
        made = [str(least + secrets.randbelow(9 * least)) for _time in range(count - len(unused))]
        for start in range(0, len(made), 500):
            some = made[start : start + 500]
            taken = User.objects.filter(username__in=some).values_list("username", flat=True)
            unused |= set(some) - set(taken)
    return list(unused)


def print_passwords(users: Sequence[User]) -> list[str]:
    """Give each a random password, which is returned and kept nowhere; in their order. Their
    sessions are over. It is hashed with few rounds, since 49 random bits need no more and a street
    prints hundreds; Django hashes it anew when it is first used."""
    passwords = []
    hasher = get_hasher()
    for user in users:
        password = "".join(secrets.choice(PRINTED_SIGNS) for _sign in range(PRINTED_LENGTH))
        rounds = {"iterations": PRINTED_ITERATIONS} if _counts_rounds(hasher) else {}
        user.password = hasher.encode(password, hasher.salt(), **rounds)
        passwords.append(password)
    User.objects.bulk_update(users, ["password"], batch_size=200)
    return passwords


def _counts_rounds(hasher: object) -> bool:
    return isinstance(hasher, PBKDF2PasswordHasher)


def rename(user: User, *, name: str) -> None:
    """How a person wishes to be called, whole; the family name is no longer kept apart."""
    user.last_name, user.first_name = "", name
    user.save(update_fields=["last_name", "first_name"])


def note_agreement(user: User, purpose: Purpose, *, given: bool, version: str) -> None:
    """Write down what somebody said to a purpose, and to which words; the same again is one."""
    if user.agrees_to(purpose) is not given:
        Agreement.objects.create(user=user, purpose=purpose, given=given, version=version)


def sign_out_everywhere(user: User) -> None:
    """End every session of the account, whichever screen it is on, at its next request."""
    user.signed_out_everywhere_at = timezone.now()
    user.save(update_fields=["signed_out_everywhere_at"])


@transaction.atomic
def renew_secrets() -> int:
    """Encrypt what lies encrypted in the database by the newest key; returns how many rows."""
    count = 0
    for each in Authenticator.objects.select_for_update():
        for name in ENCRYPTED.intersection(each.data):
            each.data[name] = fernet().rotate(each.data[name].encode()).decode()
        each.save(update_fields=["data"])
        count += 1
    return count


@transaction.atomic
def remove_second_factor(user: User) -> None:
    """For who has lost the phone and the paper: it can be set up anew, and whoever holds the phone
    is out."""
    Authenticator.objects.filter(user=user).delete()
    sign_out_everywhere(user)
