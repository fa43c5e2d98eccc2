"""Calendars to subscribe to (RFC 5545). A calendar program cannot sign in, so it brings a key."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.classes.choices import SessionState
from lms.classes.models import CalendarKey, ClassGroup, ClassSession
from lms.classes.services.calendars import renew_calendar_key

#: Sessions older than this are left out, so that a calendar does not grow for ever.
DAYS_BACK = 180
REFRESH = timedelta(hours=1)


def calendar_key(user: User) -> str:
    """Says who asks and cannot be guessed. A new password makes a new key, and so does asking for
    one; the old are void."""
    return _signer(user).sign(str(user.pk))


def _signer(user: User) -> Signer:
    return next(_signers(user))


def _signers(user: User) -> Iterator[Signer]:
    """The one that signs, then those of SECRET_KEY_FALLBACKS."""
    turn = CalendarKey.objects.filter(person=user.pk).values_list("turn", flat=True).first() or 0
    for words in (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()):
        yield Signer(salt=f"lms.classes.calendar {words} {turn}", sep=".")


def user_of_key(key: str) -> Any:
    """None for a key that is not ours, is void, or belongs to somebody who may not sign in."""
    pk = key.partition(".")[0]
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    user = get_user_model().objects.filter(pk=pk, is_active=True).first()
    return user if user and any(_is_by(signer, key) for signer in _signers(user)) else None


def _is_by(signer: Signer, key: str) -> bool:
    try:
        return bool(signer.unsign(key))
    except BadSignature:
        return False


def calendar_url(request: SignedInRequest, class_group: ClassGroup | None = None) -> str:
    """The address with the user's key: of one class, or of all that the user teaches."""
    path = (
        reverse("classes:calendar", kwargs={"pk": class_group.pk})
        if class_group
        else reverse("classes:my_calendar")
    )
    return request.build_absolute_uri(f"{path}?{urlencode({'key': calendar_key(request.user)})}")


@require_POST
@for_staff
def reset_key(request: SignedInRequest) -> HttpResponse:
    """For an address that got into other hands."""
    renew_calendar_key(request.user)
    messages.success(request, _("换了新地址，旧的已经作废。请在日历程序里删去旧的订阅，再添新的。"))
    return redirect("attendance:mine")


@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The classes that the key's owner teaches."""
    user = user_of_key(request.GET.get("key", ""))
    if user is None:
        raise Http404
    classes = ClassGroup.objects.visible_to(user).filter(teachers=user)
    return _answer(classes, name=_("我的课"), file_name="my.ics", request=request)


@require_safe
def class_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """One class, for its officers and teachers: with a key, or signed in."""
    if "key" in request.GET:
        user = user_of_key(request.GET["key"])
        if user is None:
            raise Http404
    elif request.user.is_authenticated:
        user = request.user
    else:
        return redirect_to_login(request.get_full_path())
    class_group = get_object_or_404(ClassGroup.objects.visible_to(user), pk=pk)
    classes = ClassGroup.objects.filter(pk=class_group.pk)
    return _answer(classes, name=class_group.title, file_name=f"{pk}.ics", request=request)


def _answer(
    classes: QuerySet[ClassGroup], *, name: str, file_name: str, request: HttpRequest
) -> HttpResponse:
    sessions = ClassSession.objects.filter(
        class_group__in=classes.values("pk"),
        starts_at__gte=timezone.now() - timedelta(days=DAYS_BACK),
    ).select_related("class_group__unit")
    answer = HttpResponse(
        _calendar(sessions, name=name, request=request).to_ical(),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = f'inline; filename="{file_name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _calendar(sessions: QuerySet[ClassSession], *, name: str, request: HttpRequest) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Yinling//Classes//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")  # of no type that the library knows
    for session in sessions:
        calendar.add_component(_event(session, request))
    calendar.add_missing_timezones()
    return calendar


def _event(session: ClassSession, request: HttpRequest) -> Event:
    """Names no learner. Its UID is the session's for good, wherever it is moved."""
    class_group = session.class_group
    moved, cancelled = session.planned_at != session.starts_at, False
    title = class_group.title
    if session.state == SessionState.CANCELLED:
        cancelled, title = True, _("已取消：%(title)s") % {"title": title}
    elif moved:
        title = _("改期：%(title)s") % {"title": title}
    event = Event()
    event.add("uid", f"urn:uuid:{session.uid}")  # outlives the site's domain
    event.add("dtstamp", timezone.now())
    event.add("dtstart", timezone.localtime(session.starts_at))
    event.add("dtend", timezone.localtime(session.ends_at))
    event.add("summary", title)
    event.add("location", class_group.place or class_group.unit.name)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("sequence", session.revision)
    if session.reason:
        event.add("description", session.reason)
    url = reverse("attendance:session", kwargs={"pk": session.pk})
    event.add("url", request.build_absolute_uri(url))
    return event
