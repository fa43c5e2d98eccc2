"""Whose account takes along what was learnt on a screen without one."""

from typing import Any

from django.http import HttpRequest

from courses.progress.screen import COOKIE, bring_to_account
from lms.accounts.models import User
from lms.people.models import RoleAssignment


def bring_record(*, request: HttpRequest, user: User, **announced: Any) -> None:
    """A learner's does. Whoever works here signs in at the village's own computer, between two
    learners, and leaves alone what they have open."""
    if COOKIE not in request.COOKIES or user.is_office():
        return
    if not RoleAssignment.objects.current().filter(person=user).exists():
        bring_to_account(request, user=user)
