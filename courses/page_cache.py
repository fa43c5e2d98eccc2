"""Whole pages, kept for visitors who have no account here.

A page is the same for all of them but for the display settings (`request.display`), so it is
rendered once for each of these and answered from the cache that all processes share: Redis, or
files where one machine does all. Any change of a page makes all that was kept void at once; what
the program makes for pages (films, sounds, covers), many a minute at times, in WINDOW_SECONDS at
most. What it shows of the learner whose record the screen has open is filled in at each answer
(courses/own_parts.py): a page that is kept was made as for somebody without one.

What others add to an address (`from=` and `isappinstalled=` of WeChat, `utm_…` of campaigns) and
their cookies mean nothing to a page: they are dropped, so that a link sent on is answered as fast.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
from courses.last_lesson import has_village, keep_last_lesson, last_lesson_key
from courses.models.watching import LIST
from courses.own_parts import CutPage, Here, OwnParts, marked
from courses.progress.models import LearnerRecord
from courses.progress.screen import (
    note_lesson,
    record_on_screen,
    record_with_mark_on_screen,
    set_record,
)
from media.models import Narration, Stage

logger = logging.getLogger(__name__)

#: Also how long a change that sends no signal may stay unseen.
SECONDS: Final = 600
#: Key in the cache: when all pages were made void. What was kept before then is not answered.
FORGOTTEN: Final = "pages-forgotten"
#: The same, by what was made for them: when the window ends in which the last of it was made.
FILMED: Final = "pages-filmed"
WINDOW_SECONDS: Final = 30
WINDOW: Final = WINDOW_SECONDS * 10**9  # nanoseconds
#: Parameters of addresses that are kept, with their values; with others the page is rendered.
FEW: Final = {
    "p": re.compile("[0-9]{1,2}", re.ASCII),
    LIST: re.compile("[0-9]{1,9}", re.ASCII),
}
#: In the cache, of a page that is not kept: so a learner's is not made twice to find that out.
NOT_KEPT: Final = "not kept"
#: All others that a page reads: of a quiz, a practice, a drill and an unclear step.
PRESSED: Final = {
    "answer", "quiz", "words", "screen", "press", "misses", "typed",
    "round", "n", "said", "hands", "class",
}  # fmt: skip


@dataclass(frozen=True)
class KeptPage:
    content: CutPage
    own_parts: OwnParts
    headers: dict[str, str]
    #: Key of the lesson that it shows, for the cookie of last_lesson.py; None: another page.
    lesson: int | None
    #: What void_since gave before it was rendered.
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
        found = caches["pages"].get_many((FORGOTTEN, FILMED, key))
        after, kept = void_since(found), found.get(key)
        if isinstance(kept, KeptPage) and kept.after == after:
            return self.answer(request, kept)
        record = record_on_screen(request)
        if not is_page(request) or (record is not None and kept == (NOT_KEPT, after)):
            return self.get_response(request)
        drop_what_means_nothing(request)
        return self.make(request, record, key=key, after=after)

    def make(
        self, request: HttpRequest, record: LearnerRecord | None, *, key: str, after: int
    ) -> HttpResponse:
        """As for somebody without a record, to be kept; where it is not, for the learner."""
        with as_for_nobody(request), marked() as mark:
            response = self.get_response(request)
        made = to_keep(request, response, mark, after)
        if made is not None:
            keep(key, made)
            return self.answer(request, made)
        if record is None:
            return without_marks(response, mark)
        if response.status_code == 200:
            keep(key, (NOT_KEPT, after))
        set_record(request, record)
        return self.get_response(request)

    def answer(self, request: HttpRequest, kept: KeptPage) -> HttpResponse:
        """The page with the learner's own parts; without any, as it is for everybody."""
        record, mark = record_with_mark_on_screen(request, lesson=kept.lesson)
        set_record(request, record)
        here = Here(record, mark, last_lesson_key(request), kept.after)
        is_known = record is not None or here.last_lesson is not None
        own = kept.own_parts.of(here) if is_known else {}
        if own is None:
            return self.get_response(request)
        response = HttpResponse(kept.content.filled(own), headers=kept.headers)
        if kept.lesson is not None:
            note_lesson(request, kept.lesson)
            if here.last_lesson != kept.lesson:
                keep_last_lesson(request, response, kept.lesson)
        return response


@contextmanager
def as_for_nobody(request: HttpRequest) -> Iterator[None]:
    """Without what tells of the visitor: their record, and the lesson that they opened last."""
    cookies = request.COOKIES
    request.COOKIES = {name: cookies[name] for name in cookies if name != LAST_LESSON}
    set_record(request, None)
    try:
        yield
    finally:
        request.COOKIES = cookies


def is_anybodys(request: HttpRequest) -> bool:
    """Whether a page would show nothing of the visitor, but what its own parts show."""
    return (
        request.method == "GET"
        and request.path.endswith("/")  # as all pages do; /healthz asks nothing of anybody
        and all(
            name not in PRESSED and (name not in FEW or FEW[name].fullmatch(str(value)))
            for name, value in request.GET.items()
        )
        and not request.COOKIES.keys() & settings.COOKIES_OF_SOMEBODY
    )


def meant(request: HttpRequest) -> str:
    """The parameters that mean something to a page, as an address has them."""
    return urlencode([(name, request.GET[name]) for name in FEW if name in request.GET])


def key_of(request: HttpRequest) -> str:
    display = str(getattr(request, "display", ""))
    address = f"{request.scheme}://{request.get_host()}{request.path}?{meant(request)}"
    today = str(timezone.localdate())  # home begins with what is of the day
    parts = (address, display, str(has_village(request)), today, settings.VERSION)
    return f"page-{sha256(' '.join(parts).encode()).hexdigest()}"


def is_page(request: HttpRequest) -> bool:
    """Whether one of Wagtail's, which reads the parameters named above and no others."""
    try:
        return resolve(request.path_info).view_name == "wagtail_serve"
    except Resolver404:
        return False


def drop_what_means_nothing(request: HttpRequest) -> None:
    """From the address of a page, which names it in links: they would bring the next visitor to
    what the first one was sent."""
    if request.META.get("QUERY_STRING"):
        request.META["QUERY_STRING"] = meant(request)
        request.GET = QueryDict(request.META["QUERY_STRING"])


def to_keep(request: HttpRequest, response: HttpResponse, mark: str, after: int) -> KeptPage | None:
    """None for what is no page of ours, or not the same for everybody."""
    page: Any = getattr(response, "page", None)
    others = response.cookies.keys() - {LAST_LESSON}
    has_form = "CSRF_COOKIE_NEEDS_UPDATE" in request.META  # with a secret of this browser's
    if page is None or response.status_code != 200 or others or has_form:
        return None
    if not page.may_be_kept(request):
        return None
    return KeptPage(
        content=CutPage.cut(response.content, mark),
        own_parts=page.own_parts(request, response.context_data),  # type: ignore[attr-defined]
        headers=dict(response.headers),
        lesson=page.pk if page.is_lesson else None,
        after=after,
    )


def without_marks(response: HttpResponse, mark: str) -> HttpResponse:
    if not response.streaming and mark.encode() in response.content:
        response.content = CutPage.cut(response.content, mark).filled({})
    return response


def keep(key: str, page: KeptPage | tuple[str, int]) -> None:
    try:
        caches["pages"].set(key, page, SECONDS)
    except OSError as error:  # the disk is full
        logger.warning("A page is not kept: %s", error)


def void_since(found: Mapping[str, Any] | None = None) -> int:
    """When all pages were made void last, in nanoseconds; 0: never. `found`: what the cache says
    under FORGOTTEN and FILMED; None: it is asked.

    By what was made: when the present window began, if something was made in it or just before.
    """
    if found is None:
        found = caches["pages"].get_many((FORGOTTEN, FILMED))
    window_begun = time_ns() // WINDOW * WINDOW
    return max(found.get(FORGOTTEN, 0), min(found.get(FILMED, 0), window_begun))


def forget_pages(**announced: Any) -> None:
    """Make void what was kept: now, and again after the commit, since a page rendered in between
    shows the state before the change."""
    note_change()
    transaction.on_commit(note_change)


def forget_pages_soon(*, instance: Any, **announced: Any) -> None:
    """The same by what the program makes for pages, in WINDOW_SECONDS at most: while it makes film
    after film, a tenth of all answers was made anew (benchmarks/first_films.py)."""
    if is_on_no_page(instance):
        return
    note_film()
    transaction.on_commit(note_film)


def is_on_no_page(instance: Any) -> bool:
    """Whether it is the sound of something that is no page, as a village's warning, or a stage on
    the way to it."""
    if isinstance(instance, Narration):
        return instance.page_id is None
    if isinstance(instance, Stage) and instance.narration_id is not None:
        return Narration.objects.filter(pk=instance.narration_id, page=None).exists()
    return False


def note_change() -> None:
    caches["pages"].set(FORGOTTEN, time_ns(), None)


def note_film() -> None:
    caches["pages"].set(FILMED, (time_ns() // WINDOW + 1) * WINDOW, None)
