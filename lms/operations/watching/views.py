"""What is asked by machines: alive, ready, figures."""

import ipaddress
import os
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

from lms.operations.watching.measures import Measures
from lms.operations.watching.parts import Part, is_well, look


def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: the process answers. Touches nothing else, so that it never lies about itself."""
    return JsonResponse({"status": "ok", "version": settings.VERSION})


def readyz(request: HttpRequest) -> HttpResponseBase:
    """Whether every part does its work: 200, or 503 with which does not and since when."""
    if not watches(request):
        return refused()
    parts = look()
    well = is_well(parts)
    return JsonResponse(
        {"status": "ok" if well else "down", "parts": {part.name: told(part) for part in parts}},
        status=200 if well else 503,
    )


def told(part: Part) -> dict[str, Any]:
    since = part.since.isoformat(timespec="seconds") if part.since else None
    return {"state": part.state.value, "since": since}


def metrics(request: HttpRequest) -> HttpResponseBase:
    """For Prometheus: what all web processes have counted, and what is so now."""
    if not watches(request):
        return refused()
    counted = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client.multiprocess import MultiProcessCollector

        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    now = CollectorRegistry()
    now.register(Measures())
    return HttpResponse(
        generate_latest(counted) + generate_latest(now), content_type=CONTENT_TYPE_LATEST
    )


def watches(request: HttpRequest) -> bool:
    """Whether it comes from this machine or one of WATCHED_FROM, as the trusted proxies tell."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):  # fewer proxies than there should be
        return False
    return address.is_loopback or any(address in network for network in settings.WATCHED_FROM)


def refused() -> HttpResponse:
    return HttpResponse("Not found.\n", status=404, content_type="text/plain")
