"""Where a screen stands: the unit whose alerts it shows."""

from threading import Lock
from time import monotonic
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from lms.helpline.my_village import COOKIE as VILLAGE
from lms.helpline.my_village import MyVillage

#: How long a process remembers where a screen stands. Somebody who chose another village has
#: another cookie, and is asked for anew.
SECONDS: Final = 30
MOST_REMEMBERED: Final = 20_000
#: Cookies that say it: of somebody who signed in, of the village chosen, of a household.
COOKIES: Final = (settings.SESSION_COOKIE_NAME, VILLAGE, "television")

_places: dict[tuple[str, ...], tuple[float, str]] = {}
_lock = Lock()


def path_of(request: HttpRequest) -> str:
    """Path of the unit before whose people the screen stands: the learner's who is signed in, the
    one chosen, the household's. Blank: nobody said, or the database is away.

    Mostly no query; at most three, once in SECONDS of a screen in a process.
    """
    key = tuple(request.COOKIES.get(name, "") for name in COOKIES)
    if not any(key):
        return ""
    known = _places.get(key)
    if known is not None and monotonic() - known[0] < SECONDS:
        return known[1]
    try:
        unit = MyVillage(request).unit
    except DatabaseError:
        return known[1] if known else ""
    path = str(unit.path) if unit else ""
    with _lock:
        if len(_places) >= MOST_REMEMBERED:
            _places.clear()
        _places[key] = (monotonic(), path)
    return path


def forget_places() -> None:
    """Have everything asked anew by this process."""
    with _lock:
        _places.clear()
