"""Verbs that write people."""

from django.contrib.auth.models import Group
from django.db import transaction

from lms.accounts.models import User


@transaction.atomic
def make_demo_account(*, username: str, last_name: str, password: str, group: str | None) -> bool:
    """Make an account to try the site with; `group` None makes an administrator.

    False, and nothing is changed, when the name is taken.
    """
    if User.objects.filter(username=username).exists():
        return False
    is_administrator = group is None
    user = User.objects.create_user(
        username=username,
        password=password,
        last_name=last_name,
        is_superuser=is_administrator,
        is_staff=is_administrator,
    )
    if group is not None:
        user.groups.add(Group.objects.get(name=group))
    return True
