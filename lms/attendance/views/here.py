"""A learner's own telephone says that he has come: after the code on the class screen was scanned,
or its digits typed. Nobody need sign in; every page works without script.
"""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from lms.attendance.class_codes import are_digits_of, is_open, session_of_token
from lms.attendance.services.own_attendance import (
    OwnMarkRefused,
    is_in_class,
    mark_oneself,
    sessions_open_to,
)
from lms.classes.models import ClassSession
from lms.limits import allows, refuse
from lms.people.models import Learner, is_learner_number

#: Who has scanned the code has so long to type a number.
PASS_SECONDS = 10 * 60
COOKIE = "learner"
COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep one
SALT = "lms.attendance.here"


@require_safe
@never_cache
@ensure_csrf_cookie
def scanned(request: HttpRequest, token: str) -> HttpResponse:
    """What the picture on the class screen leads to."""
    if is_too_often(request):
        return refuse(request)
    session = session_of_token(token, timezone.now())
    if session is None:
        note_wrong(request)
        return show(request, "old_code", status=410)
    if not is_open(session, timezone.now()):
        return show(request, "not_now", status=410, session=session)
    learner = learner_known(request)
    if learner is None:
        return ask_number(request, session)
    return ask_whether(request, session, learner)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@ensure_csrf_cookie
def here(request: HttpRequest) -> HttpResponse:
    """Asks for digits and number; takes what the other pages send."""
    if is_too_often(request):
        return refuse(request)
    if request.method != "POST":
        return show(request, "type_code", known=learner_known(request))
    typed = Typed.of(request)
    session = session_of_pass(typed.ticket)
    if session is None and typed.ticket:
        return show(request, "old_code", status=410)
    if session is None:
        return take_code(request, typed)
    if is_too_often(request, session):
        return refuse(request)
    if typed.somebody_else:
        return ask_number(request, session)
    learner = learner_of(typed.number)
    if learner is None or not is_in_class(session, learner):
        note_wrong(request, session)
        return ask_number(request, session, wrong=typed.number)
    if not typed.sure:
        return ask_whether(request, session, learner)
    return record(request, session, learner, remember=typed.remember)


@dataclass(frozen=True)
class Typed:
    """What a page sent."""

    ticket: str
    code: str
    number: str
    sure: bool
    remember: bool
    somebody_else: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Typed":
        sent = request.POST
        return cls(
            ticket=sent.get("pass", ""),
            code="".join(sent.get("code", "").split()),
            number="".join(sent.get("number", "").split()),
            sure="sure" in sent,
            remember="remember" in sent,
            somebody_else="somebody_else" in sent,
        )


def take_code(request: HttpRequest, typed: Typed) -> HttpResponse:
    """Digits and a number together find the session; which of the two was wrong is not said."""
    learner = learner_of(typed.number) or (learner_known(request) if not typed.number else None)
    running = sessions_open_to(learner) if learner else []
    for session in running:
        if is_too_often(request, session):
            return refuse(request)
        if learner and are_digits_of(session, typed.code, timezone.now()):
            return ask_whether(request, session, learner)
    note_wrong(request, *running)
    known = learner_known(request)
    return show(request, "type_code", status=422, known=known, typed=typed, wrong=True)


def ask_number(request: HttpRequest, session: ClassSession, *, wrong: str = "") -> HttpResponse:
    if not wrong:
        complaint = ""
    elif not is_learner_number(wrong):
        complaint = _("号码有一位打错了，或者少了、多了。请对着卡片再打一遍。")
    else:
        complaint = _("这个班的名单上没有这个号码。请找老师，老师可以当场登记。")
    context: dict[str, Any] = {
        "ticket": pass_for(session),
        "complaint": complaint,
        "number": wrong,
    }
    return show(request, "ask_number", status=422 if wrong else 200, session=session, **context)


def ask_whether(request: HttpRequest, session: ClassSession, learner: Learner) -> HttpResponse:
    if not is_in_class(session, learner):
        return show(request, "stranger", session=session)
    context: dict[str, Any] = {
        "ticket": pass_for(session),
        "name": masked(learner.name),
        "number": learner.number,
        "known": learner == learner_known(request),
    }
    return show(request, "ask_whether", session=session, **context)


def record(
    request: HttpRequest, session: ClassSession, learner: Learner, *, remember: bool
) -> HttpResponse:
    try:
        mark = mark_oneself(session, learner=learner)
    except OwnMarkRefused as reason:
        return show(request, "refused", session=session, reason=str(reason))
    name, at = masked(learner.name), mark.event.marked_at
    response = show(request, "done", session=session, name=name, at=at)
    if remember:
        response.set_signed_cookie(
            COOKIE,
            learner.number,
            salt=SALT,
            max_age=COOKIE_SECONDS,
            path="/here/",
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def show(request: HttpRequest, page: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"attendance/here/{page}.html", context, status=status)


def learner_known(request: HttpRequest) -> Learner | None:
    """Who is signed in, or agreed last time that this telephone remembers the number."""
    if request.user.is_authenticated:
        account = Learner.objects.filter(user=request.user.pk, erased_at__isnull=True)
        learner = account.select_related("merged_into").first()
        if learner is not None:
            return learner.merged_into or learner
    number = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_SECONDS)
    return learner_of(number or "")


def learner_of(number: str) -> Learner | None:
    if not is_learner_number(number):
        return None
    return Learner.objects.standing().called(number).first()


def pass_for(session: ClassSession) -> str:
    """Tells that the code was there to be seen a while ago; the code itself has changed since."""
    return signing.dumps(session.pk, salt=SALT)


def session_of_pass(ticket: str) -> ClassSession | None:
    try:
        pk = signing.loads(ticket, salt=SALT, max_age=PASS_SECONDS)
    except signing.BadSignature:
        return None
    return ClassSession.objects.select_related("class_group").filter(pk=pk).first()


def masked(name: str) -> str:
    """陈*英: enough for oneself, and little for who tries numbers."""
    if len(name) < 3:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def is_too_often(request: HttpRequest, session: ClassSession | None = None) -> bool:
    """Counts this request, of the address or of the session; wrong ones were counted before."""
    if session is None:
        return not (allows(request, "here") and allows(request, "here_wrong", only_look=True))
    key = str(session.pk)
    return not (
        allows(request, "here_session", key=key)
        and allows(request, "here_wrong_session", key=key, only_look=True)
    )


def note_wrong(request: HttpRequest, *sessions: ClassSession) -> None:
    allows(request, "here_wrong")
    for session in sessions:
        allows(request, "here_wrong_session", key=str(session.pk))
