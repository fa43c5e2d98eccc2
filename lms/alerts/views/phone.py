"""今天读给大家听, on the roll of a teacher's phone: held there for two weeks, ticked without a
network too, and handed over with the marks."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.accounts.models import User
from lms.alerts import services
from lms.alerts.queries import alert_heard_at, alerts_to_hold
from lms.classes.models import ClassSession
from lms.limits import allows

TICKS_MOST = 500
DIGITS_MOST = 18  # as many as every key has that a column holds


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def on_the_roll(request: HttpRequest) -> JsonResponse:
    """GET: the alerts of the user's own classes, with where they were read out. POST: ticks, in any
    order and as often as they come; what holds no longer is passed over, and the phone lets go."""
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({"detail": "sign in"}, status=401)
    if not allows(request, "roll"):
        return JsonResponse({"detail": "too many"}, status=429)
    if request.method != "POST":
        return JsonResponse({"alerts": alerts_to_hold(user)})
    ticks = _ticks_in(request)
    if ticks is None:
        return JsonResponse({"detail": "not understood"}, status=422)
    return JsonResponse({"taken": sum(_take(each, user) for each in ticks)})


def _ticks_in(request: HttpRequest) -> list[Any] | None:
    """None: it is no list of a size that anybody ticks."""
    try:
        ticks = json.loads(request.body)["ticks"]
    except (ValueError, KeyError, TypeError):
        return None
    return ticks if isinstance(ticks, list) and len(ticks) <= TICKS_MOST else None


def _take(tick: Any, user: User) -> bool:
    """Whether it could be kept."""
    if not isinstance(tick, dict) or not isinstance(tick.get("alert"), int):
        return False
    at = _moment(tick.get("at"))
    session = _session_called(str(tick.get("session", "")), user)
    alert = alert_heard_at(session, tick["alert"], at=at) if session is not None else None
    if session is None or alert is None:
        return False
    if tick.get("read") is True:
        services.note_read_out(alert, session=session, read_by=user, read_at=at)
    else:
        services.take_back_read_out(alert, session=session)
    return True


def _moment(said: Any) -> datetime:
    """When it was ticked, by the phone; now where that is none, or lies ahead."""
    now = timezone.now()
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        return now
    return min(at, now) if timezone.is_aware(at) else now


def _session_called(name: str, user: User) -> ClassSession | None:
    """By its key, or as the phone that added it calls it."""
    sessions = ClassSession.objects.changeable_by(user).select_related("class_group__unit")
    if name.isascii() and name.isdigit() and len(name) <= DIGITS_MOST:
        return sessions.filter(pk=int(name)).first()
    try:
        return sessions.called(uuid.UUID(name)).first()
    except ValueError:
        return None
