"""One session: its roll as it stands, who said what and when, and what may be done to it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
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
    NotHeldForm,
    ReopenForm,
    WalkInForm,
)
from lms.attendance.models import AttendanceEvent
from lms.attendance.queries import RollLine, joined_later, minutes_helped, roll_lines, session_lines
from lms.attendance.services.clocks import CLOCK_TOLERANCE
from lms.attendance.services.closing import RollRefused, close_session
from lms.attendance.services.headcounts import correct_headcount, record_headcount
from lms.attendance.services.page import mark_on_page
from lms.attendance.services.reopening import declare_not_held, may_change, reopen_session
from lms.attendance.services.rescheduling import cancel_session, move_session
from lms.classes.clashes import Clashing, require_no_clash
from lms.classes.forms import WarnedForm
from lms.classes.models import ClassSession
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import record_help
from lms.classes.views.access import class_seen, session_kept, session_seen
from lms.people.choices import Looked
from lms.people.models import Learner
from lms.people.services.looks import note_look

#: How a radio button is named; a learner's number follows.
MARK = "mark-"
SESSION = "attendance:session"
#: Whether those of the class are to be told, which a room above asks (decision 038).
ASKS_TO_TELL = "notices:session"

#: Of a large class; most have one page.
SESSIONS_A_PAGE = 40
ROLL_A_PAGE = 50
EVENTS_A_PAGE = 40


@require_safe
@for_staff
def all_sessions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Of one class, the latest first."""
    class_group = class_seen(request.user, pk)
    sessions = class_group.sessions.select_related("class_group").order_by("-starts_at", "-pk")
    page = Paginator(sessions, SESSIONS_A_PAGE).get_page(request.GET.get("p"))
    context = {"class_group": class_group, "page": page, "lines": session_lines(page)}
    return render(request, "attendance/all_sessions.html", context)


@require_safe
@for_staff
def session_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """`?correct` opens a closed roll for corrections."""
    return show_session(request, session_seen(request.user, pk), {})


@dataclass(frozen=True)
class RollShown:
    """The roll as the page shows it: each line with the button that is pressed."""

    lines: list[tuple[RollLine, str]]  # of this page
    page: Page
    later: list[Learner]  # in the class by now, who were not on that day
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
    history = Paginator(_history(session), EVENTS_A_PAGE).get_page(request.GET.get("h"))
    opened = session.is_planned and session.takes_marks
    roll = _roll_shown(
        session,
        chosen=chosen or {},
        is_open=may_keep and (opened or correcting),
        reason=reason,
        page=request.GET.get("p"),
    )
    note_look(
        request.user,
        Looked.SESSION,
        rows=len(roll.lines) + len(roll.later) or len(history),
        unit=session.class_group.unit,
        about=str(session),
    )
    context = {
        "session": session,
        "class_group": session.class_group,
        "may_keep": may_keep,
        "opened": opened,
        "may_change": may_keep and session.takes_marks and may_change(session, request.user),
        "may_restore": may_keep and session.is_cancelled and may_change(session, request.user),
        "roll": roll,
        "history": history,
        "events": [(event, _is_late(event)) for event in history],
        "helpers": minutes_helped(session),
        "headcounts": session.headcount_corrections.select_related("recorded_by"),
        "changes": session.changes.select_related("recorded_by"),
        "shows_code": may_keep and is_open(session, timezone.now()),
        "forms": _forms(session) | dict(refused),
        "refused": bool(refused),
    }
    status = 422 if refused or chosen is not None else 200
    return render(request, "attendance/session.html", context, status=status)


def _roll_shown(
    session: ClassSession,
    *,
    chosen: Mapping[str, str],
    is_open: bool,
    reason: str,
    page: str | None,
) -> RollShown:
    is_lecture = session.class_group.is_lecture
    # Of a lecture, and of a session that was not held, only who was marked all the same.
    everybody = not is_lecture and not session.is_cancelled
    lines = [line for line in roll_lines(session) if line.record or everybody]
    takes_others = not is_lecture and is_open
    shown = Paginator(lines, ROLL_A_PAGE).get_page(page)
    return RollShown(
        later=joined_later(session)[:ROLL_A_PAGE] if takes_others else [],
        lines=[(line, chosen.get(line.learner.number, _shown(line))) for line in shown],
        page=shown,
        counts=_counts(lines),
        is_open=is_open,
        takes_walk_ins=takes_others,
        reason=reason,
    )


def _history(session: ClassSession) -> QuerySet[AttendanceEvent]:
    """All events, the latest first."""
    events = session.attendance_events.select_related("learner", "recorded_by", "delegate__person")
    return events.order_by("-marked_at", "-sequence", "-pk")


def _is_late(event: AttendanceEvent) -> bool:
    """Whether it was received long after it was made."""
    return event.received_at - event.marked_at > CLOCK_TOLERANCE


def _forms(session: ClassSession) -> dict[str, PlainForm]:
    """What may be done to the session, each as it is before anybody fills it in."""
    counted = {"headcount": session.headcount}
    return {
        "move": MoveSessionForm(prefix="move"),
        "cancel": CancelSessionForm(prefix="cancel"),
        "reopen": ReopenForm(prefix="reopen"),
        "not_held": NotHeldForm(prefix="not-held"),
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
    for learner in joined_later(session):
        if request.POST.get(MARK + learner.number) == AttendanceStatus.PRESENT:
            chosen[learner.number] = AttendanceStatus.PRESENT
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
    page = urlencode({"p": request.GET["p"]}) if "p" in request.GET else ""
    return redirect(f"{reverse('attendance:session', kwargs={'pk': pk})}?{page}".rstrip("?"))


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
        with transaction.atomic():
            move_session(
                session,
                starts_at=starts_at,
                reason=form.cleaned_data["reason"],
                recorded_by=request.user,
            )
            require_no_clash([session], anyway="anyway" in request.POST)
        return _("改好了。")

    form = MoveSessionForm(request.POST, prefix="move")
    return _act(request, pk, "move", form, to, then=ASKS_TO_TELL)


@require_POST
@for_staff
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    def it(session: ClassSession, form: PlainForm) -> str:
        cancel_session(session, recorded_by=request.user, **form.cleaned_data)
        return _("取消了。")

    form = CancelSessionForm(request.POST, prefix="cancel")
    return _act(request, pk, "cancel", form, it, then=ASKS_TO_TELL)


@require_POST
@for_staff
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Or one that was cancelled stands again; who was told that it is off is then told."""
    form = ReopenForm(request.POST, prefix="reopen")
    if session_kept(request.user, pk).is_cancelled:
        done = _("这次课恢复了，照常上。")
        return _record(request, pk, "reopen", form, reopen_session, done, then=ASKS_TO_TELL)
    done = _("点名重新打开了。改好以后，请再按“结束点名”。")
    return _record(request, pk, "reopen", form, reopen_session, done)


@require_POST
@for_staff
def not_held(request: SignedInRequest, pk: int) -> HttpResponse:
    form = NotHeldForm(request.POST, prefix="not-held")
    done = _("记下了：这次没有上课。点过的名留着，不算人次。")
    return _record(request, pk, "not_held", form, declare_not_held, done)


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
    form = HeadcountCorrectionForm(request.POST, prefix="correction")
    return _record(request, pk, "correction", form, correct_headcount, _("人数改好了。"))


@require_POST
@for_staff
def helper_time(request: SignedInRequest, pk: int) -> HttpResponse:
    session = session_kept(request.user, pk)
    form = HelperTimeForm(request.POST, prefix="help", session=session)
    return _record(request, pk, "helper_time", form, record_help, _("时间记下了。"))


def _record(
    request: SignedInRequest,
    pk: int,
    name: str,
    form: PlainForm,
    service: Callable[..., object],
    done: str,
    *,
    then: str = SESSION,
) -> HttpResponse:
    """Have a service keep what the form says, by the names of its fields, and who said it."""

    def it(session: ClassSession, form: PlainForm) -> str:
        service(session, recorded_by=request.user, **form.cleaned_data)
        return done

    return _act(request, pk, name, form, it, then=then)


def _act(
    request: SignedInRequest,
    pk: int,
    name: str,
    form: PlainForm,
    act: Callable[[ClassSession, Any], str],
    *,
    then: str = SESSION,
) -> HttpResponse:
    """Do what a form asks and go on to the page `then`, or show what is wrong with it."""
    session = session_kept(request.user, pk)
    if form.is_valid():
        try:
            done = act(session, form)
        except (ClassRefused, RollRefused) as reason:
            form.add_error(None, str(reason))
        except Clashing as clashing:
            assert isinstance(form, WarnedForm)
            form.clashes = clashing.warnings
            session = session_kept(request.user, pk)  # as it stands after all
        else:
            messages.success(request, done)
            return redirect(then, pk=pk)
    return show_session(request, session, {name: form})
