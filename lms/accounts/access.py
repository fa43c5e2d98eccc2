"""Who opens a page, as its code sees it: anybody, or somebody who is signed in."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.generic import View

from lms.accounts.models import User

P = ParamSpec("P")

#: Whoever is at the other end of a request.
Visitor = User | AnonymousUser


class SignedInRequest(HttpRequest):
    """For types only: what a view behind `for_staff` is given."""

    user: User


def for_staff(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Asks for a sign-in; nothing is left in the browser for whoever sits there next."""
    guarded = login_required(never_cache(view))
    return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], guarded)


class AdministratorsOnly(View):
    """Of an administrator's page: anybody else is refused."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
