"""How pages look for whoever asks; staff who leave their computer are signed out, while a teacher's
phone in a village is not; and staff show a second factor."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from time import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import trans_real

from lms.accounts.display import COOKIE, Display, display_of, keep_on_screen, set_display
from lms.accounts.models import DisplaySettings, User
from lms.accounts.second_factor import must_have_second_factor, next_step

View = Callable[..., HttpResponseBase]

SEEN = "last_seen"  # in the session: the second when this person last did something
NOTED_EVERY_SECONDS = 60


class DisplayMiddleware:
    """Reads the screen's choices, answers in their language, and notes those that were changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        remember_chinese()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        kept = request.COOKIES.get(COOKIE, "") or str(Display())
        display = Display.read(kept)
        set_display(request, display)
        with translation.override(display.language):
            response = self.get_response(request)
        if str(display_of(request)) != kept:
            keep_on_screen(response, display_of(request), secure=request.is_secure())
        return response


@cache
def remember_chinese() -> None:
    """What gettext answered is remembered, as long as the process lives: our words are Chinese and
    stand in no Chinese catalogue, so that each was looked for, in vain, in twenty-nine of
    Django's and Wagtail's, sixty times a page."""
    chinese = trans_real.translation(settings.LANGUAGE_CODE)
    chinese.gettext = lru_cache(maxsize=10_000)(chinese.gettext)  # type: ignore[method-assign]


def bring_display(*, request: HttpRequest, user: User, **announced: Any) -> None:
    """Whoever signs in finds the screen as on their own; without choices of theirs, as it was."""
    if own := DisplaySettings.objects.filter(user=user).first():
        set_display(request, own.as_display())


class IdleMiddleware:
    """Notes when each signed-in person last did something, and ends the sessions of idle staff.

    Noting it saves the session, which begins its 30 days (SESSION_COOKIE_AGE) anew. The first
    note is that of signing in (`note_sign_in`).
    Requests without a session, as all learners' are, pass untouched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        sign_out_if_idle(request)
        response = self.get_response(request)
        note_life(request)
        return response


def note_sign_in(*, request: HttpRequest, **announced: Any) -> None:
    request.session[SEEN] = int(time())


def sign_out_if_idle(request: HttpRequest) -> None:
    minutes = settings.STAFF_IDLE_MINUTES
    idle_seconds = time() - request.session.get(SEEN, time())
    if idle_seconds > minutes * 60 and request.user.is_authenticated and request.user.is_office():
        logout(request)
        words = _("您有%(minutes)d分钟没有操作，已经自动退出。请重新登录。")
        messages.info(request, words % {"minutes": minutes})


def note_life(request: HttpRequest) -> None:
    """At most once a minute, so that reading costs no writing."""
    asked_by = request.resolver_match.view_name if request.resolver_match else None
    if not request.user.is_authenticated or asked_by in settings.VIEWS_ASKED_BY_THE_PAGE:
        return
    seen = request.session.get(SEEN)
    if seen is None or abs(time() - seen) >= NOTED_EVERY_SECONDS:
        request.session[SEEN] = int(time())


class SecondFactorMiddleware:
    """Who must have a second factor comes to no page of the office without it.

    Learners' pages cost no query for it, and other pages two or three.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not settings.STAFF_SECOND_FACTOR or is_open_without(request):
            return None
        if not must_have_second_factor(request.user):
            return None
        step = next_step(request)
        if step is None:
            return None
        if "/api/" in request.path:
            return JsonResponse({"detail": _("请先设置动态口令。")}, status=403)
        return redirect(step)


def is_open_without(request: HttpRequest) -> bool:
    """Whether the page is for everybody: whatever Wagtail serves, or an address that is named."""
    at = request.resolver_match
    if at is not None and at.view_name == "wagtail_serve":
        return True
    path = request.path
    if ".." in path or path.startswith(settings.CLOSED_WITHOUT_SECOND_FACTOR):
        return False
    return path.startswith(settings.OPEN_WITHOUT_SECOND_FACTOR)
