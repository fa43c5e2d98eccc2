"""Whoever signs in by telephone for the first time is told what is kept, and asked: once a session,
before the page that they wanted."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from lms.accounts.choices import Purpose
from lms.accounts.models import User
from lms.people.learning import works_here
from lms.tv.middleware import ON_TELEVISION

#: In the session: who is signed in has not been asked yet.
ASK = "ask_purposes"
#: Where nobody is led away from what he is doing.
UNDISTURBED = ("/accounts/", "/display/", "/tv/", "/here/", "/media/", "/static/", "/documents/")


def ask_who_is_new(*, request: HttpRequest, user: User, **announced: Any) -> None:
    """An account that its owner made by telephone, and that has not answered every purpose."""
    if user.is_self_made and not works_here(user) and not has_answered(user):
        request.session[ASK] = True


def has_answered(user: User) -> bool:
    answered = set(user.agreements.values_list("purpose", flat=True))
    return answered == set(Purpose.values)


class AskingMiddleware:
    """Leads to the notice, once. Costs nothing for who has no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and is_to_be_asked(request):
            del request.session[ASK]
            page = {"next": request.get_full_path()}
            return redirect(f"{reverse('privacy:notice')}?{urlencode(page)}")
        return self.get_response(request)


def is_to_be_asked(request: HttpRequest) -> bool:
    """On a page that somebody opens; on a television any visitor may be at the remote."""
    return (
        request.method == "GET"
        and "text/html" in request.headers.get("Accept", "")
        and not request.path.startswith(UNDISTURBED)
        and ASK in request.session
        and request.user.is_authenticated
        and request.session.get(ON_TELEVISION) is None
    )
