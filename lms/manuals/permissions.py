"""What each page of the workbench starts from: who asks, and for which organisation."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from lms.accounts.second_factor import second_factor_required
from lms.manuals.models import Organisation

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request to the workbench. Every query of it starts from the organisation."""

    organisation: Organisation


def organisation_of(user: Any) -> Organisation:
    """The user's own, whatever its state; raises Http404 for whoever works for none."""
    organisation: Organisation | None = Organisation.objects.of_member(user).first()
    if organisation is None:
        raise Http404
    return organisation


def for_members(
    view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Asks for a sign-in, a place in an active organisation, and the second factor.

    A stranger gets 404. Whose organisation waits, was returned, suspended or closed comes to the
    page that says so, at the very next request. Nothing is left in the browser.
    """
    guarded = second_factor_required(view)

    @wraps(view)
    def checked(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request.organisation = organisation_of(request.user)
        if not request.organisation.is_active:
            return redirect("manufacturers:application")
        return guarded(request, *args, **kwargs)

    return login_required(never_cache(checked))
