"""A screen in a lobby or classroom: opened once, it plays its list day after day."""

import json
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lms.tv.models import Playlist
from lms.tv.playlists import playlist_as_json

#: What the page consists of, kept by the screen so that it starts without a network.
KEPT = [
    "css/tokens.css",
    "css/reset.css",
    "css/base.css",
    "tv/screen.css",
    "tv/screen.js",
    "tv/screen-alerts.js",
    "js/reading/browser-voice.js",
    "pictures/yinling.svg",
]


@require_safe
@cache_control(no_cache=True)
@csp_update({"media-src": ["'self'", "blob:"]})  # type: ignore[arg-type]  # films it keeps
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    playlist = get_object_or_404(Playlist.objects.select_related("unit"), slug=slug)
    shown: dict[str, Any] = playlist_as_json(playlist)
    return render(request, "tv/screen.html", {"playlist": playlist, "items": shown["items"]})


@require_safe
@cache_control(no_cache=True)
def playlist(request: HttpRequest, slug: str) -> JsonResponse:
    return JsonResponse(playlist_as_json(get_object_or_404(Playlist, slug=slug)))


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serves the page and its files without a network; scope /screen/."""
    kept = json.dumps([static(name) for name in KEPT])
    worker = json.dumps(static("tv/worker.js"))
    text = f"self.kept = {kept};\nimportScripts({worker});\n"
    response = HttpResponse(text, content_type="text/javascript")
    response["Service-Worker-Allowed"] = reverse("tv:screen_worker").rsplit("/", 1)[0] + "/"
    return response
