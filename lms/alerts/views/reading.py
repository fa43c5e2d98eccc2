"""Alerts as everybody reads them: all of one's village, one in full, one on paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.paper import RETRY_SECONDS, PaperNotReady
from lms.accounts.going_back import page_before
from lms.alerts.choices import AlertState
from lms.alerts.models import Alert
from lms.alerts.poster import poster_of
from lms.alerts.showing import live_before


@require_safe
@never_cache
def here(request: HttpRequest) -> HttpResponse:
    """What holds where the screen stands, the emergencies first."""
    live = live_before(request)
    context = {
        "alerts": live.alerts,
        "emergencies": live.emergencies,
        "before": page_before(request),
        "here": request.get_full_path(),
    }
    return render(request, "alerts/here.html", context)


def _public(pk: int) -> Alert:
    """One that is or was on screens; else 404."""
    public = Alert.objects.filter(
        state__in=(AlertState.PUBLIC, AlertState.WITHDRAWN), confirmed_at__isnull=False
    )
    return get_object_or_404(public.select_related("unit", "narration"), pk=pk)


@require_safe
@never_cache
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Of any village: whoever was sent the address reads it. One that is over says so."""
    found = _public(pk)
    context: dict[str, Any] = {
        "alert": found,
        "before": page_before(request),
    }
    return render(request, "alerts/alert.html", context, status=200 if found.is_live else 410)


@require_safe
@never_cache
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A4, for the notice board."""
    found = _public(pk)
    if not found.is_live:
        return redirect("alerts:alert", pk)
    try:
        content = poster_of(found)
    except PaperNotReady as reason:
        context = {"reason": str(reason), "back": f"/alerts/{pk}/"}
        response = render(request, "courses/handout_not_ready.html", context, status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="alert-{pk}.pdf"'
    return response
