"""A second factor besides the password: who must have one, and whether this session has shown it.

It is a six-digit number that an app on one's own phone makes (TOTP), or one of ten numbers on
paper; allauth.mfa keeps both. `STAFF_SECOND_FACTOR` off: nobody is asked, and nobody is kept from
setting one up.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.module_loading import import_string

from lms.accounts.access import Visitor
from lms.accounts.models import User

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)

SHOWN = "second_factor"  # in the session: the key of the user who has shown it here
WANTED = "second_factor_for"  # in the session: the address that was asked for before setting it up


def has_second_factor(user: Visitor) -> bool:
    """Whether one is set up. One query; none for who is not signed in."""
    return (
        user.is_authenticated
        and Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    )


def works_here(user: User) -> bool:
    """Whoever may enter the Wagtail admin: administrators, editors, reviewers."""
    return user.is_staff or user.is_office()


def must_have_second_factor(user: Visitor) -> bool:
    """Whether one of SECOND_FACTOR_DUTIES names the user, and the site asks for it at all."""
    return (
        settings.STAFF_SECOND_FACTOR
        and user.is_authenticated
        and any(import_string(duty)(user) for duty in settings.SECOND_FACTOR_DUTIES)
    )


def note_shown(*, request: HttpRequest, user: User, **announced: Any) -> None:
    """Receiver of what allauth announces: an authenticator was used, or set up here just now."""
    request.session[SHOWN] = str(user.pk)


def next_step(request: HttpRequest) -> str | None:
    """Where somebody signed in goes before a page that needs the second factor: to set one up, or
    to show it, as after a television's sign-in. None: nothing is missing, or the site asks nobody.
    """
    if not settings.STAFF_SECOND_FACTOR:
        return None
    wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    if not has_second_factor(request.user):
        request.session[WANTED] = wanted
        return reverse("mfa_index")
    if request.session.get(SHOWN) != str(request.user.pk):
        return reverse("mfa_reauthenticate") + "?" + urlencode({"next": wanted})
    return None


def second_factor_required(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Asks for a sign-in and then, whoever it is, for the second factor."""

    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        step = next_step(request)
        return redirect(step) if step else view(request, *args, **kwargs)

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], login_required(guarded))
