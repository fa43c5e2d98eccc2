"""Who may open the workbench, and which organisation a request is for."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from lms.accounts.access import SignedInRequest, Visitor
from lms.accounts.second_factor import second_factor_required
from lms.manuals.models import Manual, Organisation

P = ParamSpec("P")


class MemberRequest(SignedInRequest):
    """For types only: what a view behind `for_members` is given."""

    organisation: Organisation


def organisation_of(user: Visitor) -> Organisation:
    """The user's own, whatever its state. Raises Http404 for whoever works for no manufacturer."""
    organisation: Organisation | None = Organisation.objects.of_member(user).first()
    if organisation is None:
        raise Http404
    return organisation


def for_members(
    view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Asks for a sign-in, membership of an active organisation, and the second factor.

    Whoever works for no manufacturer gets 404. Members of an organisation that waits, was returned,
    suspended or closed are sent to the page that says so, from their next request on. Nothing is
    kept in the browser's cache.
    """
    guarded = second_factor_required(view)

    @wraps(view)
    def checked(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request.organisation = organisation_of(request.user)
        if not request.organisation.is_active:
            return redirect("manufacturers:application")
        return guarded(request, *args, **kwargs)

    signed_in = login_required(never_cache(checked))
    return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], signed_in)


def manual_of(request: MemberRequest, pk: int) -> Manual:
    """One of the organisation's own. Raises Http404 for any other."""
    manuals = Manual.objects.of(request.organisation)
    return get_object_or_404(manuals.select_related("product__organisation"), pk=pk)
