"""Whose account takes along what was learnt on a screen without one."""

from typing import Any

from django.http import HttpRequest

from courses.progress.screen import COOKIE, bring_to_account
from lms.accounts.models import User
from lms.people.models import RoleAssignment


def bring_record(*, request: HttpRequest, user: User, **announced: Any) -> None:
    """A learner's does, once they have agreed to it. Whoever works here signs in at the village's
    own computer, between two learners, and leaves alone what they have open."""
    if COOKIE in request.COOKIES and not works_here(user) and user.keeps_learning():
        bring_to_account(request, user=user)


def works_here(user: User) -> bool:
    """Whether it is staff, or holds a role today."""
    return user.is_office() or RoleAssignment.objects.current().filter(person=user).exists()
