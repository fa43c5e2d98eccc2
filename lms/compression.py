"""Pages, and what a phone's page asks for, are sent compressed: on a village's line a lesson's
thirty kilobytes are a second."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompressionMiddleware(GZipMiddleware):
    """Only those. Films answer by ranges, which a compressed answer cannot; static files are
    compressed when they are collected. Django adds random bytes, so that lengths tell no secret."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.get("Content-Type", "")
        if response.streaming or not kind.startswith(("text/html", "application/json")):
            return response
        return super().process_response(request, response)
