"""What visitors are told when something of ours fails: in words, without the database."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

RETRY_SECONDS = 60


def tell(request: HttpRequest) -> HttpResponse:
    """Django's handler of errors: 503 while the database is away or its disk is full, which passes,
    and 500 for a mistake of ours. Kept pages are answered without it."""
    passes = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if passes else 500
    if "/api/" in request.path:
        response: HttpResponse = JsonResponse({"detail": "Try again later."}, status=status)
    else:
        response = render(None, "500.html", status=status)
    if passes:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
