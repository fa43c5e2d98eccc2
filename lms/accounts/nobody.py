"""A page as it is for nobody: what a browser keeps must show nothing of whoever had it kept."""

from io import BytesIO
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

from lms.accounts.display import display_of, set_display


def as_nobody(request: HttpRequest, path: str, query: str = "") -> HttpRequest:
    """A request for that address from the same screen as it looks, with no cookie and nobody
    signed in: no learner record is open for it either."""
    environ: dict[str, Any] = {
        name: value
        for name, value in request.META.items()
        if name not in {"HTTP_COOKIE", "CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_RANGE"}
    }
    environ |= {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.input": BytesIO(),
    }
    nobody = WSGIRequest(environ)
    nobody.user = AnonymousUser()
    nobody.session = {}  # type: ignore[assignment]
    set_display(nobody, display_of(request))
    return nobody
