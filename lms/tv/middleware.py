"""A television that was thrown out, or let in by an authority that is over, is out at its next
request, and what concerns the account itself is done on a phone: whoever sits before a television
may press anybody's picture."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lms.accounts.middleware import View
from lms.helpline.my_village import OF_HOUSEHOLD
from lms.tv.household import unit_of_household
from lms.tv.models import TelevisionPerson

#: In the session of somebody who signed in by a picture: the TelevisionPerson's key.
ON_TELEVISION = "television_person"
#: Pages of an account, of which a television shows only those of `LEAVING`.
OF_THE_ACCOUNT = "/accounts/"
LEAVING = {
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_confirm_login_code",
}
#: Letting in and throwing out televisions.
OF_TELEVISIONS = {"tv:confirm", "tv:mine", "tv:rename", "tv:revoke"}


def _is_let_in(person: int) -> bool:
    return TelevisionPerson.objects.let_in().filter(pk=person).exists()


class TelevisionMiddleware:
    """Costs one query, and only for sessions that began on a television. Below, where no household
    is known, a page may ask where the one before it lives (OF_HOUSEHOLD)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        setattr(request, OF_HOUSEHOLD, partial(unit_of_household, request))
        person = request.session.get(ON_TELEVISION)
        if person is not None and not _is_let_in(person):
            logout(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.session.get(ON_TELEVISION) is None or request.resolver_match is None:
            return None
        name = request.resolver_match.view_name
        if name in OF_TELEVISIONS or (
            request.path.startswith(OF_THE_ACCOUNT) and name not in LEAVING
        ):
            return redirect("tv:on_phone")
        return None
