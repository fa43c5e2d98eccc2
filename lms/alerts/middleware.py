"""Puts alerts into pages as they are answered, those that are kept whole too (decision 039)."""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lms.alerts.showing import shown_before

#: Left in a page by {% alerts_here %}. Nothing that people write becomes a comment of HTML.
PLACE: Final = re.compile(rb"<!--alerts:(full|line)-->")


class AlertsMiddleware:
    """Around the one that keeps pages: what it answers is the same for every village. Costs a
    search for the place; a query when nobody before the screen was asked for a while."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        content: bytes = response.content  # type: ignore[attr-defined]
        place = PLACE.search(content)
        if place is None:
            return response
        html = shown_before(request, place[1].decode()).html.encode()
        filled = content[: place.start()] + html + content[place.end() :]
        response.content = filled  # type: ignore[attr-defined]
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(filled))
        return response
