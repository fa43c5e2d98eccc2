"""One session: its roll as it stands, who said what and when, and what may be done to it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import for_staff
from lms.accounts.plain_forms import PlainForm
from lms.attendance.choices import AttendanceStatus, Outcome
from lms.attendance.class_codes import is_open
from lms.attendance.forms import (
    HeadcountCorrectionForm,
    HeadcountForm,
    HelpForm,
    MoveForm,
    ReasonForm,
    WalkInForm,
)
from lms.attendance.queries import RollLine, awaits_roll, minutes_helped, roll_lines
from lms.attendance.services.closing import RollRefused, close_session
from lms.attendance.services.events import CLOCK_TOLERANCE
from lms.attendance.services.headcounts import correct_headcount, record_headcount
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import ClassKind, SessionState
from lms.classes.models import ClassSession
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import cancel_session, move_session, record_help
from lms.classes.views.access import session_kept, session_seen

#: How a radio button is named; a learner's number follows.
MARK = "mark-"


@require_safe
@for_staff
def session_page(request: HttpRequest, pk: int) -> HttpResponse:
    """`?correct` opens a closed roll for corrections."""
    return show_session(request, session_seen(request.user, pk), {})


def show_session(
    request: HttpRequest,
    session: ClassSession,
    refused: Mapping[str, PlainForm],
    *,
    chosen: Mapping[str, str] | None = None,
    reason: str = "",
) -> HttpResponse:
    """The page; a form that was refused stands in it with its complaint, and `chosen` keeps what
    was picked on a roll that was refused."""
    may_keep = ClassSession.objects.changeable_by(request.user).filter(pk=session.pk).exists()
    closed = session.state == SessionState.CLOSED
    is_lecture = session.class_group.kind == ClassKind.LECTURE
    # Of a lecture, and of a session that was not held, only who was marked all the same.
    everybody = not is_lecture and session.state != SessionState.CANCELLED
    lines = [line for line in roll_lines(session) if line.mark or everybody]
    marking = may_keep and (
        session.state == SessionState.PLANNED
        or (closed and ("correct" in request.GET or chosen is not None))
    )
    history = session.roll_events.select_related("learner", "recorded_by", "proxy__person")
    context = {
        "session": session,
        "class_group": session.class_group,
        "lines": [(line, (chosen or {}).get(line.learner.number, _shown(line))) for line in lines],
        "counts": _counts(lines),
        "statuses": AttendanceStatus.choices,
        "history": [
            (event, event.received_at - event.marked_at > CLOCK_TOLERANCE)
            for event in history.order_by("-marked_at", "-sequence", "-pk")
        ],
        "helpers": minutes_helped(session),
        "may_keep": may_keep,
        "marking": marking,
        "closed": closed,
        "planned": session.state == SessionState.PLANNED,
        "cancelled": session.state == SessionState.CANCELLED,
        "moved": session.planned_at != session.starts_at,
        "awaits_roll": awaits_roll(session),
        "is_lecture": is_lecture,
        "reason": reason,
        "move_form": MoveForm(prefix="move"),
        "cancel_form": ReasonForm(prefix="cancel"),
        "headcount_form": HeadcountForm(
            prefix="headcount", initial={"headcount": session.headcount}
        ),
        "headcounts": session.headcount_corrections.select_related("recorded_by"),
        "correction_form": HeadcountCorrectionForm(
            prefix="correction", initial={"headcount": session.headcount}
        ),
        "help_form": HelpForm(prefix="help", session=session),
        "walk_in_form": WalkInForm(prefix="walk-in", session=session),
        "takes_walk_ins": may_keep and not is_lecture and (marking or awaits_roll(session)),
        "shows_code": may_keep and is_open(session, timezone.now()),
        "refused": bool(refused),
        **refused,
    }
    status = 422 if refused or chosen is not None else 200
    return render(request, "attendance/session.html", context, status=status)


def _shown(line: RollLine) -> str:
    """Which button is pressed: none where two people differ, so that choosing says something."""
    return "" if line.mark is None or line.mark.differs else line.mark.status


def _counts(lines: list[RollLine]) -> list[tuple[str, int]]:
    """How many of each status, and how many without any."""
    counts = [
        (
            str(AttendanceStatus(status).label),
            sum(1 for x in lines if x.mark and x.mark.status == status),
        )
        for status in AttendanceStatus
    ]
    return [*counts, (_("没点"), sum(1 for line in lines if line.mark is None))]


@require_POST
@for_staff
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the pressed buttons; `rest` says what whoever has no mark and no button is."""
    session = session_kept(request.user, pk)
    reason = request.POST.get("reason", "").strip()[:80]
    rest = request.POST.get("rest", "")
    chosen: dict[str, str] = {}
    for line in roll_lines(session):
        number = line.learner.number
        pressed = request.POST.get(MARK + number, "")
        if pressed not in AttendanceStatus.values and line.mark is None:
            pressed = rest
        # What the page showed is sent back with it: a button left as it was says nothing, so
        # that an old page does not undo what somebody else has marked meanwhile.
        if pressed in AttendanceStatus.values and pressed != request.POST.get(f"was-{number}", ""):
            chosen[number] = pressed
    answers = mark_on_page(
        session,
        statuses={number: AttendanceStatus(status) for number, status in chosen.items()},
        recorded_by=request.user,
        reason=reason,
    )
    refused = {answer.outcome for answer in answers} - {Outcome.STORED, Outcome.KNOWN}
    stored = sum(1 for answer in answers if answer.outcome == Outcome.STORED)
    if stored:
        messages.success(request, _("记下了%(count)d个人。") % {"count": stored})
    for outcome in sorted(refused):
        messages.error(request, str(outcome.label))
    if Outcome.NEEDS_REASON in refused:
        return show_session(request, session, {}, chosen=chosen, reason=reason)
    if not answers:
        messages.info(request, _("没有新的改动。"))
    return redirect("attendance:session", pk=pk)


@require_POST
@for_staff
def close(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_kept(request.user, pk)
    form = HeadcountForm(request.POST, prefix="headcount")
    counted = session.headcount
    if request.POST.get("headcount-headcount"):
        if not form.is_valid():
            return show_session(request, session, {"headcount_form": form})
        counted = form.cleaned_data["headcount"]
    if session.class_group.kind == ClassKind.LECTURE and counted is None:
        form.add_error("headcount", _("讲座请先写到场人数。"))
        return show_session(request, session, {"headcount_form": form})
    try:
        close_session(session, closed_by=request.user, headcount=counted)
    except RollRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("点名结束了。"))
    return redirect("attendance:session", pk=pk)


@require_POST
@for_staff
def move(request: HttpRequest, pk: int) -> HttpResponse:
    def to(session: ClassSession, form: PlainForm) -> str:
        day, clock = form.cleaned_data["day"], form.cleaned_data["clock"]
        starts_at = timezone.make_aware(datetime.combine(day, clock))
        move_session(session, starts_at=starts_at, reason=form.cleaned_data["reason"])
        return _("改好了。学员和家人要另外通知。")

    form = MoveForm(request.POST, prefix="move")
    return _act(request, pk, "move_form", form, to)


@require_POST
@for_staff
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    def it(session: ClassSession, form: PlainForm) -> str:
        cancel_session(session, reason=form.cleaned_data["reason"])
        return _("取消了。学员和家人要另外通知。")

    form = ReasonForm(request.POST, prefix="cancel")
    return _act(request, pk, "cancel_form", form, it)


@require_POST
@for_staff
def headcount(request: HttpRequest, pk: int) -> HttpResponse:
    def it(session: ClassSession, form: PlainForm) -> str:
        record_headcount(session, headcount=form.cleaned_data["headcount"])
        return _("人数记下了。")

    form = HeadcountForm(request.POST, prefix="headcount")
    return _act(request, pk, "headcount_form", form, it)


@require_POST
@for_staff
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    def it(session: ClassSession, form: PlainForm) -> str:
        correct_headcount(session, recorded_by=request.user, **form.cleaned_data)
        return _("人数改好了。")

    form = HeadcountCorrectionForm(request.POST, prefix="correction")
    return _act(request, pk, "correction_form", form, it)


@require_POST
@for_staff
def helper_time(request: HttpRequest, pk: int) -> HttpResponse:
    def it(session: ClassSession, form: PlainForm) -> str:
        record_help(session, recorded_by=request.user, **form.cleaned_data)
        return _("时间记下了。")

    session = session_kept(request.user, pk)
    form = HelpForm(request.POST, prefix="help", session=session)
    return _act(request, pk, "help_form", form, it)


def _act(
    request: HttpRequest,
    pk: int,
    name: str,
    form: PlainForm,
    act: Callable[[ClassSession, Any], str],
) -> HttpResponse:
    """Do what a form asks, or show the page with what is wrong with it."""
    session = session_kept(request.user, pk)
    if form.is_valid():
        try:
            done = act(session, form)
        except ClassRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, done)
            return redirect("attendance:session", pk=pk)
    return show_session(request, session, {name: form})
