"""Whole pages, kept for visitors who have neither an account nor a notebook here.

A page is the same for all of them but for how it looks (`request.display`), so it is rendered once
a look and answered from the cache that all processes share; where there is none, nothing is kept.
Whatever is published, moved, taken away or made ready forgets all pages at once.
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

from courses.last_lesson import COOKIE as LAST_LESSON
from courses.last_lesson import has_been_here, keep_last_lesson
from courses.progress.screen import COOKIE as NOTEBOOK
from courses.progress.screen import begin_on_screen, notebook_on_screen

#: Also what a change that nobody announces takes to be seen.
SECONDS: Final = 600
#: In the cache: when all pages were forgotten. What was kept before then is not shown.
FORGOTTEN: Final = "pages-forgotten"
#: Parameters of an address, and what of theirs is kept: few. With any other it is answered anew.
FEW: Final = {"p": re.compile("[0-9]{1,2}", re.ASCII)}


@dataclass(frozen=True)
class Kept:
    content: bytes
    headers: dict[str, str]
    #: Key of the lesson that it shows, where the visitor goes on next time; None: another page.
    lesson: int | None
    #: What FORGOTTEN said before it was rendered.
    after: int


class PageCacheMiddleware:
    """Stands last but for what only looks at answers: those before it send cookies of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.KEEPS_PAGES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_anybodys(request):
            return self.get_response(request)
        key = key_of(request)
        found = cache.get_many((FORGOTTEN, key))  # at once: asking is most of what an answer costs
        forgotten = found.get(FORGOTTEN, 0)
        kept: Kept | None = found.get(key)
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
    """Whether nothing is known of the visitor that a page below home would show."""
    known = settings.COOKIES_OF_ANYBODY | settings.COOKIES_OF_HOME | {NOTEBOOK}
    return (
        request.method == "GET"
        and all(
            name in FEW and FEW[name].fullmatch(str(value)) for name, value in request.GET.items()
        )
        and request.COOKIES.keys() <= known
        and notebook_on_screen(request) is None
    )


def key_of(request: HttpRequest) -> str:
    display = str(getattr(request, "display", ""))
    address = request.build_absolute_uri()
    parts = (address, display, str(has_been_here(request)))
    return f"page-{sha256(' '.join(parts).encode()).hexdigest()}"


def to_keep(request: HttpRequest, response: HttpResponse, after: int) -> Kept | None:
    """None for what is no page, or not the same for all: a form's answer, a stranger's door."""
    page: Any = getattr(response, "page", None)
    others = response.cookies.keys() - {LAST_LESSON}
    if page is None or response.status_code != 200 or others:
        return None
    if not page.may_be_kept(request):
        return None
    lesson = page.pk if page.is_lesson else None
    return Kept(response.content, dict(response.headers), lesson, after)


def forget_pages(**announced: Any) -> None:
    """What was kept is asked for no more, and fades. Once now, and once when others see the change:
    a page that was rendered between would show what was before."""
    cache.set(FORGOTTEN, time_ns(), None)
    transaction.on_commit(lambda: cache.set(FORGOTTEN, time_ns(), None))
