"""One session: its roll as it stands, who said what and when, and what may be done to it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.plain_forms import PlainForm
from lms.attendance.choices import AttendanceStatus, EventOutcome
from lms.attendance.class_codes import is_open
from lms.attendance.forms import (
    CancelSessionForm,
    HeadcountCorrectionForm,
    HeadcountForm,
    HelperTimeForm,
    MoveSessionForm,
    WalkInForm,
)
from lms.attendance.models import AttendanceEvent
from lms.attendance.queries import RollLine, minutes_helped, roll_lines
from lms.attendance.services.closing import RollRefused, close_session
from lms.attendance.services.events import CLOCK_TOLERANCE
from lms.attendance.services.headcounts import correct_headcount, record_headcount
from lms.attendance.services.page import mark_on_page
from lms.classes.models import ClassSession
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import cancel_session, move_session, record_help
from lms.classes.views.access import session_kept, session_seen

#: How a radio button is named; a learner's number follows.
MARK = "mark-"


@require_safe
@for_staff
def session_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """`?correct` opens a closed roll for corrections."""
    return show_session(request, session_seen(request.user, pk), {})


@dataclass(frozen=True)
class RollShown:
    """The roll as the page shows it: each line with the button that is pressed."""

    lines: list[tuple[RollLine, str]]
    counts: list[tuple[str, int]]
    is_open: bool  # buttons can be pressed; else it is only read
    takes_walk_ins: bool
    reason: str  # why a closed roll is changed, as it was typed
    statuses = AttendanceStatus.choices


def show_session(
    request: SignedInRequest,
    session: ClassSession,
    refused: Mapping[str, PlainForm],
    *,
    chosen: Mapping[str, str] | None = None,
    reason: str = "",
) -> HttpResponse:
    """The page; a form that was refused stands in it with its complaint, and `chosen` keeps what
    was picked on a roll that was refused."""
    may_keep = ClassSession.objects.changeable_by(request.user).filter(pk=session.pk).exists()
    correcting = session.is_closed and ("correct" in request.GET or chosen is not None)
    context = {
        "session": session,
        "class_group": session.class_group,
        "may_keep": may_keep,
        "roll": _roll_shown(
            session,
            chosen=chosen or {},
            is_open=may_keep and (session.is_planned or correcting),
            reason=reason,
        ),
        "history": _history(session),
        "helpers": minutes_helped(session),
        "headcounts": session.headcount_corrections.select_related("recorded_by"),
        "shows_code": may_keep and is_open(session, timezone.now()),
        "forms": _forms(session) | dict(refused),
        "refused": bool(refused),
    }
    status = 422 if refused or chosen is not None else 200
    return render(request, "attendance/session.html", context, status=status)


def _roll_shown(
    session: ClassSession, *, chosen: Mapping[str, str], is_open: bool, reason: str
) -> RollShown:
    is_lecture = session.class_group.is_lecture
    # Of a lecture, and of a session that was not held, only who was marked all the same.
    everybody = not is_lecture and not session.is_cancelled
    lines = [line for line in roll_lines(session) if line.record or everybody]
    return RollShown(
        lines=[(line, chosen.get(line.learner.number, _shown(line))) for line in lines],
        counts=_counts(lines),
        is_open=is_open,
        takes_walk_ins=not is_lecture and is_open,
        reason=reason,
    )


def _history(session: ClassSession) -> list[tuple[AttendanceEvent, bool]]:
    """All events, the latest first, and whether each was received late."""
    events = session.attendance_events.select_related("learner", "recorded_by", "delegate__person")
    return [
        (event, event.received_at - event.marked_at > CLOCK_TOLERANCE)
        for event in events.order_by("-marked_at", "-sequence", "-pk")
    ]


def _forms(session: ClassSession) -> dict[str, PlainForm]:
    """What may be done to the session, each as it is before anybody fills it in."""
    counted = {"headcount": session.headcount}
    return {
        "move": MoveSessionForm(prefix="move"),
        "cancel": CancelSessionForm(prefix="cancel"),
        "headcount": HeadcountForm(prefix="headcount", initial=counted),
        "correction": HeadcountCorrectionForm(prefix="correction", initial=counted),
        "helper_time": HelperTimeForm(prefix="help", session=session),
        "walk_in": WalkInForm(prefix="walk-in", session=session),
    }


def _shown(line: RollLine) -> str:
    """Which button is pressed: none where two people differ, so that choosing says something."""
    return "" if line.record is None or line.record.differs else line.record.status


def _counts(lines: list[RollLine]) -> list[tuple[str, int]]:
    """How many of each status, and how many without any."""
    counts = [
        (
            str(AttendanceStatus(status).label),
            sum(1 for x in lines if x.record and x.record.status == status),
        )
        for status in AttendanceStatus
    ]
    return [*counts, (_("没点"), sum(1 for line in lines if line.record is None))]


@require_POST
@for_staff
def mark(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the pressed buttons; `rest` says what whoever has no mark and no button is."""
    session = session_kept(request.user, pk)
    reason = request.POST.get("reason", "").strip()[:80]
    chosen = _chosen(request.POST, roll_lines(session))
    answers = mark_on_page(
        session,
        statuses={number: AttendanceStatus(status) for number, status in chosen.items()},
        recorded_by=request.user,
        reason=reason,
    )
    refused = {answer.outcome for answer in answers} - {EventOutcome.STORED, EventOutcome.KNOWN}
    stored = sum(1 for answer in answers if answer.outcome == EventOutcome.STORED)
    if stored:
        messages.success(request, _("记下了%(count)d个人。") % {"count": stored})
    for outcome in sorted(refused):
        messages.error(request, str(outcome.label))
    if EventOutcome.NEEDS_REASON in refused:
        return show_session(request, session, {}, chosen=chosen, reason=reason)
    if not answers:
        messages.info(request, _("没有新的改动。"))
    return redirect("attendance:session", pk=pk)


def _chosen(sent: QueryDict, lines: Iterable[RollLine]) -> dict[str, str]:
    """By learner's number, the buttons that say something. What the page showed is sent back with
    it: a button left as it was says nothing, so that an old page does not undo what somebody else
    has marked meanwhile."""
    chosen: dict[str, str] = {}
    for line in lines:
        number = line.learner.number
        pressed = sent.get(MARK + number, "")
        if pressed not in AttendanceStatus.values and line.record is None:
            pressed = sent.get("rest", "")
        if pressed in AttendanceStatus.values and pressed != sent.get(f"was-{number}", ""):
            chosen[number] = pressed
    return chosen


@require_POST
@for_staff
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    session = session_kept(request.user, pk)
    form = HeadcountForm(request.POST, prefix="headcount")
    counted = session.headcount
    if request.POST.get("headcount-headcount"):
        if not form.is_valid():
            return show_session(request, session, {"headcount": form})
        counted = form.cleaned_data["headcount"]
    if session.class_group.is_lecture and counted is None:
        form.add_error("headcount", _("讲座请先写到场人数。"))
        return show_session(request, session, {"headcount": form})
    try:
        close_session(session, closed_by=request.user, headcount=counted)
    except RollRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("点名结束了。"))
    return redirect("attendance:session", pk=pk)


@require_POST
@for_staff
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    def to(session: ClassSession, form: PlainForm) -> str:
        day, clock = form.cleaned_data["day"], form.cleaned_data["clock"]
        starts_at = timezone.make_aware(datetime.combine(day, clock))
        move_session(session, starts_at=starts_at, reason=form.cleaned_data["reason"])
        return _("改好了。学员和家人要另外通知。")

    form = MoveSessionForm(request.POST, prefix="move")
    return _act(request, pk, "move", form, to)


@require_POST
@for_staff
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    def it(session: ClassSession, form: PlainForm) -> str:
        cancel_session(session, reason=form.cleaned_data["reason"])
        return _("取消了。学员和家人要另外通知。")

    form = CancelSessionForm(request.POST, prefix="cancel")
    return _act(request, pk, "cancel", form, it)


@require_POST
@for_staff
def headcount(request: SignedInRequest, pk: int) -> HttpResponse:
    def it(session: ClassSession, form: PlainForm) -> str:
        record_headcount(session, headcount=form.cleaned_data["headcount"])
        return _("人数记下了。")

    form = HeadcountForm(request.POST, prefix="headcount")
    return _act(request, pk, "headcount", form, it)


@require_POST
@for_staff
def correction(request: SignedInRequest, pk: int) -> HttpResponse:
    def it(session: ClassSession, form: PlainForm) -> str:
        correct_headcount(session, recorded_by=request.user, **form.cleaned_data)
        return _("人数改好了。")

    form = HeadcountCorrectionForm(request.POST, prefix="correction")
    return _act(request, pk, "correction", form, it)


@require_POST
@for_staff
def helper_time(request: SignedInRequest, pk: int) -> HttpResponse:
    def it(session: ClassSession, form: PlainForm) -> str:
        record_help(session, recorded_by=request.user, **form.cleaned_data)
        return _("时间记下了。")

    session = session_kept(request.user, pk)
    form = HelperTimeForm(request.POST, prefix="help", session=session)
    return _act(request, pk, "helper_time", form, it)


def _act(
    request: SignedInRequest,
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
