"""What is put before a screen: HTML for pages, plain data for a lobby."""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from lms.alerts.live import Live, live_now
from lms.alerts.where import path_of

#: How much of an alert a page shows: all three answers, or a line that leads to them.
SHAPES: Final = ("full", "line")
#: Of emergencies that were seen on this screen: their numbers, with dots between.
KNOWN_COOKIE: Final = "alerts_known"
MOST_KNOWN: Final = 30


@dataclass(frozen=True)
class Shown:
    """What stands before a screen, and a word that changes with it; both blank where nothing
    holds."""

    html: str = ""
    stamp: str = ""


def live_before(request: HttpRequest) -> Live:
    """What holds where the screen stands."""
    live = live_now()
    if live.is_empty:
        return live
    return live.at("" if live.is_for_all else path_of(request))


def known_here(request: HttpRequest) -> frozenset[int]:
    """Keys of the emergencies that somebody before this screen has seen (知道了)."""
    words = request.COOKIES.get(KNOWN_COOKIE, "").split(".")[:MOST_KNOWN]
    return frozenset(int(word) for word in words if word.isascii() and word.isdigit())


def shown_before(request: HttpRequest, shape: str) -> Shown:
    """For a page."""
    live = live_before(request)
    if live.is_empty:
        return Shown()
    known = known_here(request) & {each.pk for each in live.emergencies}
    return shown_of(live, shape=shape, known=known)


def shown_of(live: Live, *, shape: str, known: Collection[int]) -> Shown:
    """Made once for all screens that are told the same."""
    kept = live_now().made
    said = (*(each.pk for each in live.alerts), 0, *((e.pk, e.sound) for e in live.emergencies))
    key = (said, shape, frozenset(known), get_language())
    if key not in kept:
        unseen = [each for each in live.emergencies if each.pk not in known]
        context = {
            "alerts": live.alerts,
            "first": live.alerts[0] if live.alerts else None,
            "others": len(live.alerts) - 1,
            "shape": shape,
            "emergency": unseen[0] if unseen else None,
            "seen": [each for each in live.emergencies if each.pk in known],
        }
        html = render_to_string("alerts/parts/before_a_screen.html", context)
        stamp = sha256(html.encode()).hexdigest()[:12]
        stamped = f'<div class="alerts__all" data-stamp="{stamp}">{html}</div>'
        kept[key] = Shown(stamped, stamp)
    shown: Shown = kept[key]
    return shown


def for_lobby(live: Live) -> dict[str, Any]:
    """As tv/screen-alerts.js takes it. `now` and `ends` are milliseconds since 1970:
    a screen's own clock is often wrong."""
    emergency = live.emergencies[0] if live.emergencies else None
    return {
        "now": int(timezone.now().timestamp() * 1000),
        "alerts": [
            {"title": each.title, "says": each.says, "todo": each.todo, "calls": each.calls}
            for each in live.alerts
        ],
        "emergency": emergency
        and {
            "key": emergency.pk,
            "unit": emergency.unit.name,
            "title": emergency.title,
            "todo": emergency.todo,
            "shelter": emergency.shelter,
            "telephone": emergency.telephone,
            "sound": emergency.sound,
            "aloud": emergency.words_aloud.split("\n"),
            "ends": int(emergency.ends_at.timestamp() * 1000),
        },
    }
