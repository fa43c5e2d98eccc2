"""A television that was thrown out is out at its next request."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from lms.tv.models import TelevisionPerson

#: In the session of somebody who signed in by a picture: the TelevisionPerson's key.
ON_TELEVISION = "television_person"


class TelevisionMiddleware:
    """Costs one query, and only for sessions that began on a television."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.session.get(ON_TELEVISION)
        if person is not None and not TelevisionPerson.objects.filter(pk=person).exists():
            logout(request)
        return self.get_response(request)
