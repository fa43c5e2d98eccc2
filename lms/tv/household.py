"""Which household's television a screen is, and where that household lives."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from lms.people.models import Learner
from lms.tv.models import Television
from lms.units.models import Unit

#: Signed and out of scripts' reach: the key of the household's television.
TELEVISION_COOKIE = "television"


def television_of(request: HttpRequest) -> Television | None:
    """None for a screen that is not paired."""
    key = request.get_signed_cookie(TELEVISION_COOKIE, "")
    try:
        return Television.objects.filter(key=UUID(key)).first() if key else None
    except (ValueError, ValidationError):
        return None


def unit_of_household(request: HttpRequest) -> Unit | None:
    """Where the learners whom the television lets in live; None where it is not paired, where none
    of them is a learner, and where they live apart. No query for who brings no such cookie."""
    television = television_of(request)
    if television is None:
        return None
    users = television.people.let_in().values("user")
    units = Unit.objects.open().filter(pk__in=Learner.objects.filter(user__in=users).values("unit"))
    found = list(units[:2])
    return found[0] if len(found) == 1 else None
