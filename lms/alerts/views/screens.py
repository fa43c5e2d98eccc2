"""What screens ask every fifty seconds, and 知道了."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lms.alerts.live import live_now
from lms.alerts.showing import (
    KNOWN_COOKIE,
    MOST_KNOWN,
    SHAPES,
    for_lobby,
    known_here,
    shown_before,
)
from lms.units.models import Unit

KNOWN_SECONDS = 7 * 24 * 3600  # longer than any emergency lasts


@require_safe
@never_cache
def now(request: HttpRequest) -> JsonResponse:
    """What holds where the screen stands: `html`, unless that is what it has already (`have`)."""
    shape = request.GET.get("shape", "")
    shown = shown_before(request, shape if shape in SHAPES else "line")
    if request.GET.get("have", "") == shown.stamp:
        return JsonResponse({})
    return JsonResponse({"html": shown.html})


@require_safe
@never_cache
def lobby(request: HttpRequest) -> JsonResponse:
    """The same for a screen in a lobby, which stands at `unit`; without one, what is for everybody.
    One query where it has a unit and anything is live."""
    live, code = live_now(), request.GET.get("unit", "")
    path = ""
    if code.isascii() and code.isdigit() and not live.is_empty:
        path = Unit.objects.filter(code=code).values_list("path", flat=True).first() or ""
    return JsonResponse(for_lobby(live.at(path)))


@csrf_exempt
@require_POST
@never_cache
def known(request: HttpRequest) -> HttpResponse:
    """知道了: this screen shows that emergency in a line from now on, and goes back to its page.

    Pages carry no token, so that they can be kept whole; all that another site's form could do
    here is set a cookie that hides one emergency it would have to name.
    """
    words = request.POST.get("emergency", "")
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(before if ours else "/")
    if words.isascii() and words.isdigit() and len(words) < 12:
        newest = sorted({*known_here(request), int(words)})[-MOST_KNOWN:]
        response.set_cookie(
            KNOWN_COOKIE,
            ".".join(map(str, newest)),
            max_age=KNOWN_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response
