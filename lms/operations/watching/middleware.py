"""The first two of MIDDLEWARE."""

from collections.abc import Callable
from time import perf_counter
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Histogram

from lms.operations.watching.request_ids import HEADER, named, request_id
from lms.operations.watching.views import healthz, metrics, readyz

View = Callable[[HttpRequest], HttpResponseBase]

#: Also in lms.urls, for whoever looks for their address.
FOR_WATCHERS: Final[dict[str, View]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}

#: One figure a request. django-prometheus counts twenty, and one by the method, which a visitor
#: makes up: each new one would stay in memory.
SECONDS = Histogram(
    "yinling_request_seconds",
    "How long requests took, by the name of the address (lms.urls) and the status.",
    ["address", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class WatchersMiddleware:
    """Answers whoever watches before anything is asked that may be down: sessions, cache, database;
    and by whatever name of the host, since a load balancer knows a number only."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return FOR_WATCHERS.get(request.path_info, self.get_response)(request)


class RequestMiddleware:
    """Gives each request its name, and counts it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name, begun = named(request.headers.get(HEADER, "")), perf_counter()
        reset = request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(reset)
        at = request.resolver_match
        SECONDS.labels(at.view_name if at else "none", response.status_code).observe(
            perf_counter() - begun
        )
        response[HEADER] = name
        return response
