"""What a set-top box or a television opens at power-on. It goes on to the home page as soon as the
site answers; kept by it or by any other page of ours (tv/offline.js), it also stands in for every
page that cannot be had without a network."""

import json
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

#: What the page consists of, kept by the box.
KEPT = [
    "css/learner.css",
    "js/learner.js",
    "tv/start.js",
    "tv/keep-start.js",
    "pictures/yinling.svg",
    "vendor/phosphor-icons-2.1.1/icons.svg",
]


@require_safe
@cache_control(no_cache=True)
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "tv/start.html")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """For the whole site: the roll's and the lobby's own scopes are narrower and go first."""
    page = reverse("tv:start")
    kept = [page, *(static(name) for name in KEPT)]
    said = json.dumps(
        {"page": page, "kept": kept, "version": sha256(repr(kept).encode()).hexdigest()[:12]}
    )
    text = f"self.start = {said};\nimportScripts({json.dumps(static('tv/start-worker.js'))});\n"
    response = HttpResponse(text, content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    return response
