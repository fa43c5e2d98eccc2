"""A second factor besides the password: who has one, and pages that want it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

P = ParamSpec("P")

SET_UP = "/accounts/second-factor/"


def has_second_factor(user: Any) -> bool:
    """Whether one is set up."""
    if not user.is_authenticated or not apps.is_installed("allauth.mfa"):
        return False
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def second_factor_required(
    view: Callable[Concatenate[Any, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Asks for a sign-in and then for the second factor, where STAFF_SECOND_FACTOR is on."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(settings, "STAFF_SECOND_FACTOR", False) and not has_second_factor(request.user):
            return redirect(SET_UP)
        return view(request, *args, **kwargs)

    return login_required(guarded)
