"""Whole pages, kept for visitors who have neither an account nor a record here.

A page is the same for all of them but for the display settings (`request.display`), so it is
rendered once for each of these and answered from the cache that all processes share: Redis, or
files where one machine does all. Any change of a page or of a film makes all that was kept void at
once.

What others add to an address (`from=` and `isappinstalled=` of WeChat, `utm_…` of campaigns) and
their cookies mean nothing to a page: they are dropped, so that a link sent on is answered as fast.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import time_ns
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from courses.last_lesson import COOKIE as LAST_LESSON
from courses.last_lesson import has_been_here, keep_last_lesson
from courses.models.watching import LIST
from courses.progress.screen import begin_on_screen, record_on_screen

logger = logging.getLogger(__name__)

#: Also how long a change that sends no signal may stay unseen.
SECONDS: Final = 600
#: Key in the cache: when all pages were made void. What was kept before then is not answered.
FORGOTTEN: Final = "pages-forgotten"
#: Parameters of addresses that are kept, with their values; with others the page is rendered.
FEW: Final = {
    "p": re.compile("[0-9]{1,2}", re.ASCII),
    LIST: re.compile("[0-9]{1,9}", re.ASCII),
}
#: All others that a page reads: of a quiz, a practice, a drill and an unclear step.
PRESSED: Final = {
    "answer", "quiz", "words", "screen", "press", "misses", "typed",
    "round", "n", "said", "hands", "class",
}  # fmt: skip


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
        # Together: the request to the cache is most of what an answer costs.
        found = caches["pages"].get_many((FORGOTTEN, key))
        forgotten = found.get(FORGOTTEN, 0)
        kept: KeptPage | None = found.get(key)
        if kept is None or kept.after != forgotten:
            drop_what_means_nothing(request)
            response = self.get_response(request)
            if (kept := to_keep(request, response, forgotten)) is not None:
                keep(key, kept)
            return response
        response = HttpResponse(kept.content, headers=kept.headers)
        if kept.lesson is not None:
            begin_on_screen(request)
            keep_last_lesson(request, response, kept.lesson)
        return response


def is_anybodys(request: HttpRequest) -> bool:
    """Whether the visitor has neither a record nor anything else that a page would show."""
    return (
        request.method == "GET"
        and request.path.endswith("/")  # as all pages do; /healthz asks nothing of anybody
        and all(
            name not in PRESSED and (name not in FEW or FEW[name].fullmatch(str(value)))
            for name, value in request.GET.items()
        )
        and not request.COOKIES.keys() & settings.COOKIES_OF_SOMEBODY
        and record_on_screen(request) is None
    )


def meant(request: HttpRequest) -> str:
    """The parameters that mean something to a page, as an address has them."""
    return urlencode([(name, request.GET[name]) for name in FEW if name in request.GET])


def key_of(request: HttpRequest) -> str:
    display = str(getattr(request, "display", ""))
    address = f"{request.scheme}://{request.get_host()}{request.path}?{meant(request)}"
    today = str(timezone.localdate())  # home begins with what is of the day
    parts = (address, display, str(has_been_here(request)), today, settings.VERSION)
    return f"page-{sha256(' '.join(parts).encode()).hexdigest()}"


def drop_what_means_nothing(request: HttpRequest) -> None:
    """From the address of a page, which names it in links: they would bring the next visitor to
    what the first one was sent. Other addresses read parameters of their own."""
    try:
        is_page = resolve(request.path_info).view_name == "wagtail_serve"
    except Resolver404:
        return
    if is_page and request.META.get("QUERY_STRING"):
        request.META["QUERY_STRING"] = meant(request)
        request.GET = QueryDict(request.META["QUERY_STRING"])


def to_keep(request: HttpRequest, response: HttpResponse, after: int) -> KeptPage | None:
    """None for what is no page of ours, or not the same for everybody."""
    page: Any = getattr(response, "page", None)
    others = response.cookies.keys() - {LAST_LESSON}
    has_form = "CSRF_COOKIE_NEEDS_UPDATE" in request.META  # with a secret of this browser's
    if page is None or response.status_code != 200 or others or has_form:
        return None
    if not page.may_be_kept(request):
        return None
    lesson = page.pk if page.is_lesson else None
    return KeptPage(response.content, dict(response.headers), lesson, after)


def keep(key: str, page: KeptPage) -> None:
    try:
        caches["pages"].set(key, page, SECONDS)
    except OSError as error:  # the disk is full
        logger.warning("A page is not kept: %s", error)


def forget_pages(**announced: Any) -> None:
    """Make void what was kept: now, and again after the commit, since a page rendered in between
    shows the state before the change."""
    note_change()
    transaction.on_commit(note_change)


def note_change() -> None:
    caches["pages"].set(FORGOTTEN, time_ns(), None)
