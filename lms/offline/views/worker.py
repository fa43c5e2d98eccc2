"""The one service worker of the learners' site. The roll's and the lobby's own scopes are narrower
and go first."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lms.offline.files import with_parts

#: What it consists of, in the order in which it is read.
READ: Final = ["offline/queue.js", "offline/library.js", "offline/films.js", "offline/worker.js"]
#: What its pages consist of: a television's page without a network, the same of a phone, the list.
FILES: Final = [
    "css/learner.css",
    "js/learner.js",
    "tv/start.js",
    "tv/keep-start.js",
    "offline/keeping.js",
    "offline/list.js",
    "pictures/yinling.svg",
    "vendor/phosphor-icons-2.1.1/icons.svg",
]


def files_of_pages() -> Iterable[str]:
    return dict.fromkeys(part for name in FILES for part in with_parts(static(name)))


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Its text changes when anything that it keeps does, and so the browser fetches all anew."""
    lesson = reverse("offline:book", args=[0])
    said: dict[str, Any] = {
        "start": reverse("tv:start"),
        "away": reverse("offline:away"),
        "list": reverse("offline:kept"),
        "book": lesson.replace("0", "(number)"),
        "told": reverse("my:read", args=[0]).replace("0/read", "(number)/(what)"),
        "learnt": reverse("offline:learnt"),
        "files": list(files_of_pages()),
        "read": [static(name) for name in READ],
    }
    said["version"] = sha256(json.dumps(said).encode()).hexdigest()[:12]
    read = ", ".join(json.dumps(address) for address in said["read"])
    text = f"self.site = {json.dumps(said)};\nimportScripts({read});\n"
    return HttpResponse(text, content_type="text/javascript")
