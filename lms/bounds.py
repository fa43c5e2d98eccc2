"""What nobody means: numbers, moments and characters beyond what a database or a calendar holds.

They come from programs that try a site out. What is asked for with them does not exist, so the
answer is 404, of an API's parameters 422, in one place for every address and every parameter of
ours and of Wagtail's admin.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone

logger = logging.getLogger(__name__)

#: The largest number that a column of either database holds.
LARGEST: Final = 2**63 - 1
#: A clock that has lost its time says 1970, which may be 1969 in Greenwich.
FIRST_YEAR, LAST_YEAR = 1969, 2200


def of_our_time(moment: datetime) -> datetime:
    """For what an API takes. Nothing honest lies outside; there the sums of time zones leave the
    calendar. A moment without a time zone is by the clock on the wall here."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"not a time between {FIRST_YEAR} and {LAST_YEAR}")
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return aware.astimezone(UTC)  # PostgreSQL knows no zone of +23:59


class BoundsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Refuses what no column holds before any view sees it."""
        asked = (value for _name, values in request.GET.lists() for value in values)
        if all(map(can_be_held, [*args, *kwargs.values()])) and all(map(can_be_held, asked)):
            return None
        return refuse(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """A parameter that turned out to be too much for the database or the calendar; of a request
        that only reads, since one that writes shows a mistake of ours."""
        if request.method not in {"GET", "HEAD"} or not is_of_a_value(error):
            return None
        logger.warning("Refused %s: %s", request.path, error)
        return refuse(request)


def can_be_held(value: Any) -> bool:
    """Of a part of an address, or a parameter's text."""
    if isinstance(value, int):
        return value <= LARGEST
    return not (isinstance(value, str) and "\0" in value)


def is_of_a_value(error: Exception) -> bool:
    """Whether it says that a value is beyond bounds: the calendar's, the database's, or those that
    Django sets when it makes a query of what was typed."""
    if isinstance(error, OverflowError | DataError):
        return True
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    raised_in = trace.tb_frame.f_globals.get("__name__", "") if trace else ""
    return isinstance(error, ValueError) and raised_in.startswith("django.db.")


def refuse(request: HttpRequest) -> HttpResponseBase:
    if "/api/" in request.path:
        return JsonResponse({"detail": "A value is out of bounds."}, status=422)
    raise Http404
