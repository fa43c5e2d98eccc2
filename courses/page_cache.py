"""Whole pages, kept for visitors who have neither an account nor a record here.

A page is the same for all of them but for the display settings (`request.display`), so it is
rendered once for each of these and answered from the cache that all processes share; without such a
cache nothing is kept. Any change of a page or of a film makes all that was kept void at once.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import time_ns
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from courses.last_lesson import COOKIE as LAST_LESSON
from courses.last_lesson import has_been_here, keep_last_lesson
from courses.models.watching import LIST
from courses.progress.screen import COOKIE as LEARNER_RECORD
from courses.progress.screen import begin_on_screen, record_on_screen

#: Also how long a change that sends no signal may stay unseen.
SECONDS: Final = 600
#: Key in the cache: when all pages were made void. What was kept before then is not answered.
FORGOTTEN: Final = "pages-forgotten"
#: Parameters of addresses that are kept, with their values. With any other the page is rendered.
FEW: Final = {
    "p": re.compile("[0-9]{1,2}", re.ASCII),
    LIST: re.compile("[0-9]{1,9}", re.ASCII),
}


@dataclass(frozen=True)
class KeptPage:
    content: bytes
    headers: dict[str, str]
    #: Key of the lesson that it shows, for the cookie of last_lesson.py; None: another page.
    lesson: int | None
    #: What FORGOTTEN said before it was rendered.
    after: int


class PageCacheMiddleware:
    """Among the last in MIDDLEWARE: those before it set cookies, which must not be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.KEEPS_PAGES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_anybodys(request):
            return self.get_response(request)
        key = key_of(request)
        found = cache.get_many(
            (FORGOTTEN, key)
        )  # together: the request to the cache is most of what an answer costs
        forgotten = found.get(FORGOTTEN, 0)
        kept: KeptPage | None = found.get(key)
        if kept is None or kept.after != forgotten:
            response = self.get_response(request)
            if (kept := to_keep(request, response, forgotten)) is not None:
                cache.set(key, kept, SECONDS)
            return response
        response = HttpResponse(kept.content, headers=kept.headers)
        if kept.lesson is not None:
            begin_on_screen(request)
            keep_last_lesson(request, response, kept.lesson)
        return response


def is_anybodys(request: HttpRequest) -> bool:
    """Whether the visitor has neither a record nor anything else that a page would show."""
    known = settings.COOKIES_OF_ANYBODY | settings.COOKIES_OF_HOME | {LEARNER_RECORD}
    return (
        request.method == "GET"
        and all(
            name in FEW and FEW[name].fullmatch(str(value)) for name, value in request.GET.items()
        )
        and request.COOKIES.keys() <= known
        and record_on_screen(request) is None
    )


def key_of(request: HttpRequest) -> str:
    display = str(getattr(request, "display", ""))
    address = request.build_absolute_uri()
    today = str(timezone.localdate())  # home begins with what is of the day
    parts = (address, display, str(has_been_here(request)), today)
    return f"page-{sha256(' '.join(parts).encode()).hexdigest()}"


def to_keep(request: HttpRequest, response: HttpResponse, after: int) -> KeptPage | None:
    """None for what is no page of ours, or not the same for everybody."""
    page: Any = getattr(response, "page", None)
    others = response.cookies.keys() - {LAST_LESSON}
    if page is None or response.status_code != 200 or others:
        return None
    if not page.may_be_kept(request):
        return None
    lesson = page.pk if page.is_lesson else None
    return KeptPage(response.content, dict(response.headers), lesson, after)


def forget_pages(**announced: Any) -> None:
    """Make void what was kept: now, and again after the commit, since a page rendered in between
    shows the state before the change."""
    cache.set(FORGOTTEN, time_ns(), None)
    transaction.on_commit(lambda: cache.set(FORGOTTEN, time_ns(), None))
