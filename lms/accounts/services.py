"""Verbs that write people."""

from django.contrib.auth.models import Group
from django.db import transaction

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
