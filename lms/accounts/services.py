"""Verbs that write people."""

import secrets

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.display import Display
from lms.accounts.models import DisplaySettings, User


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
            user = User(username=f"phone-{secrets.token_hex(6)}", telephone=number)
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
            _("这个号码已经在另一个账号上。请用它登录那个账号，在那里换成别的号码。")
        ) from None
    user.telephone = number


def rename(user: User, *, name: str) -> None:
    """How a person wishes to be called, whole; the family name is no longer kept apart."""
    user.last_name, user.first_name = "", name
    user.save(update_fields=["last_name", "first_name"])


def sign_out_everywhere(user: User) -> None:
    """End every session of the account, whichever screen it is on, at its next request."""
    user.signed_out_everywhere_at = timezone.now()
    user.save(update_fields=["signed_out_everywhere_at"])


@transaction.atomic
def remove_second_factor(user: User) -> None:
    """For who has lost the phone and the paper: it can be set up anew, and whoever holds the phone
    is out."""
    Authenticator.objects.filter(user=user).delete()
    sign_out_everywhere(user)
