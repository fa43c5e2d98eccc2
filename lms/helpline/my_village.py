"""Which unit is somebody's own: a learner's is known, others choose one for the screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lms.accounts.access import Visitor
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.classes.wall_clock import day_bounds
from lms.helpline.models import answers_help
from lms.people.models import Learner
from lms.units.choices import Level
from lms.units.models import Unit, path_below, paths_to

COOKIE = "village"
COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep one
SESSIONS_SHOWN = 2
DAYS_SHOWN = 7
#: Attribute of a request: a function that answers with the unit of the household before the screen.
OF_HOUSEHOLD = "unit_of_household"


@dataclass(frozen=True)
class Telephone:
    """A number, and whose it is. `unit` None: the city's line."""

    number: str
    unit: Unit | None


class MyVillage:
    """What a page may ask about it. Nothing is read from the database before it is asked."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def learner(self) -> Learner | None:
        """Who is signed in, if a learner."""
        user: Visitor = self._request.user
        if not user.is_authenticated:
            return None
        found = Learner.objects.filter(user=user)
        learner = found.select_related("unit", "merged_into__unit").first()
        return learner and (learner.merged_into or learner)

    @cached_property
    def answers_help(self) -> bool:
        """Whether whoever is signed in calls back those who ask for help."""
        return answers_help(self._request.user)

    @cached_property
    def unit(self) -> Unit | None:
        """The learner's, or the one chosen on this screen, or that of the household whose
        television it is; None while there is none, or when it has been closed since. Mostly a
        village, but one may stop at a street, a district, the city."""
        if self.learner is not None:
            return self.learner.unit
        code = self._request.COOKIES.get(COOKIE, "")
        unit: Unit | None = None
        if code.isascii() and code.isdigit():
            unit = Unit.objects.open().filter(code=code).first()
        of_household: Callable[[], Unit | None] = getattr(self._request, OF_HOUSEHOLD, lambda: None)
        return unit or of_household()

    @cached_property
    def telephone(self) -> Telephone:
        """The unit's own, else that of the nearest above it, else the city's line."""
        if self.unit is not None:
            nearest = Unit.objects.filter(path__in=paths_to(self.unit.path)).exclude(telephone="")
            if with_one := nearest.order_by("-depth").first():
                return Telephone(with_one.telephone, with_one)
        return Telephone(settings.CITY_TELEPHONE, None)

    @cached_property
    def sessions_to_come(self) -> Sequence[ClassSession]:
        """What is held in the village and in its street from now until this day of next week,
        cancelled ones too, so that nobody goes there in vain. Empty for a district or a city."""
        if self.unit is None or self.unit.level not in (Level.VILLAGE, Level.STREET):
            return []
        _begins, ends = day_bounds(timezone.localdate() + timedelta(days=DAYS_SHOWN - 1))
        around = path_below(self.unit, prefix="class_group__unit__")
        street = Q(class_group__unit__path__in=paths_to(self.unit.path)[-2:])
        sessions = ClassSession.objects.filter(
            around | street, ends_at__gt=timezone.now(), starts_at__lt=ends
        ).exclude(state=SessionState.CLOSED)
        sessions = sessions.select_related("class_group__unit").order_by("starts_at", "pk")
        return list(sessions[:SESSIONS_SHOWN])


def keep_village(response: HttpResponse, unit: Unit, *, secure: bool) -> None:
    response.set_cookie(
        COOKIE, unit.code, max_age=COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax"
    )
