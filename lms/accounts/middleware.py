"""How pages look for whoever asks; and staff who leave their desk are signed out, while a teacher's
phone in a village is not."""

from collections.abc import Callable
from time import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from lms.accounts.display import COOKIE, Display, display_of, keep_on_screen, set_display
from lms.accounts.models import DisplaySettings

SEEN = "last_seen"  # in the session: the second when this person last did something
NOTED_EVERY_SECONDS = 60


class DisplayMiddleware:
    """Reads the screen's choices, answers in their language, and notes those that were changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        kept = request.COOKIES.get(COOKIE, "") or str(Display())
        display = Display.read(kept)
        set_display(request, display)
        with translation.override(display.language):
            response = self.get_response(request)
        if str(display_of(request)) != kept:
            keep_on_screen(response, display_of(request), secure=request.is_secure())
        return response


def bring_display(*, request: HttpRequest, user: Any, **announced: Any) -> None:
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
