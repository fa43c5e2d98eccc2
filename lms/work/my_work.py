"""What somebody does here, asked piece by piece, so that a page shows no door that is closed."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from lms.accounts.access import Visitor
from lms.alerts.models import WRITES
from lms.attendance.queries import keeps_a_class
from lms.helpline.models import CALLS_BACK
from lms.ledger.models import Measure
from lms.manuals.models import Organisation
from lms.notices.queries import unread_of
from lms.packs.models import brings_lessons
from lms.people.choices import SUPERVISES, Role
from lms.people.models import units_by_role
from lms.tv.middleware import ON_TELEVISION
from lms.units.models import Unit


class MyWork:
    """Nothing is read before it is asked, and nothing at all of a screen without a session."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def user(self) -> Visitor | None:
        """Who is signed in; None: nobody is, or it is on a television, which any visitor may
        press."""
        if settings.SESSION_COOKIE_NAME not in self._request.COOKIES:
            return None
        if self._request.session.get(ON_TELEVISION) is not None:
            return None
        user: Visitor = self._request.user
        return user if user.is_authenticated else None

    @cached_property
    def units(self) -> dict[str, list[Unit]]:
        """Where the user holds each role today."""
        return units_by_role(self.user) if self.user else {}

    def _holds(self, roles: Sequence[Role]) -> bool:
        return any(self.units.get(role) for role in roles)

    @cached_property
    def is_superuser(self) -> bool:
        return bool(self.user and self.user.is_superuser)

    @cached_property
    def here(self) -> bool:
        """Whether this is somebody who works here at all."""
        if self.user is None:
            return False
        return self._holds(list(Role)) or self.enters_admin or self.is_maker

    @cached_property
    def brings_lessons(self) -> bool:
        """Whether another city's lessons may be taken in."""
        return self.user is not None and brings_lessons(self.user)

    @cached_property
    def enters_admin(self) -> bool:
        return bool(self.user and self.user.is_office())  # type: ignore[union-attr]

    @cached_property
    def is_maker(self) -> bool:
        """Works for a manufacturer, whose workbench is elsewhere."""
        return self.user is not None and Organisation.objects.of_member(self.user).exists()

    @cached_property
    def has_classes(self) -> bool:
        """Whether 班级 shows anything but words."""
        return self.is_superuser or self._holds((*SUPERVISES, Role.TEACHER))

    @cached_property
    def keeps_a_roll(self) -> bool:
        """As `lms.attendance.queries.keeps_a_roll`, out of the roles that were read already."""
        if self.user is None:
            return False
        return self._holds((Role.TEACHER,)) or keeps_a_class(self.user)  # type: ignore[arg-type]

    @cached_property
    def audits(self) -> bool:
        """Whether the log of who looked at learners' data is the user's to read."""
        return self.is_superuser or self._holds((Role.AUDITOR,))

    @cached_property
    def unread_notices(self) -> int:
        return unread_of(self.user) if self.user is not None else 0

    @cached_property
    def answers_help(self) -> bool:
        return self.is_superuser or self._holds(CALLS_BACK)

    @cached_property
    def writes_alerts(self) -> bool:
        """As `lms.alerts.models.writes_alerts`, out of the roles that were read already."""
        return self.is_superuser or self._holds(WRITES)

    @cached_property
    def is_officer(self) -> bool:
        return self.is_superuser or self._holds((Role.OFFICER,))

    @cached_property
    def has_measures(self) -> bool:
        """Whether rows of the work ledger are the user's own to do."""
        return self.user is not None and Measure.objects.own_of(self.user).exists()

    @cached_property
    def sees_figures(self) -> bool:
        return self.is_superuser or self._holds(SUPERVISES)


def my_work(request: HttpRequest) -> dict[str, Any]:
    """`my_work` in every template."""
    return {"my_work": MyWork(request)}
