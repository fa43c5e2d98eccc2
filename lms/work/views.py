"""我的工作: where whoever works here begins."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.attendance.queries import session_lines
from lms.classes.queries import villages_for_classes
from lms.people.choices import Looked, Role
from lms.people.services.looks import note_look
from lms.work import queries
from lms.work.my_work import MyWork

ENROLMENTS_A_PAGE = 30


@require_safe
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Where one lands after signing in: elders at home, everybody else at their work."""
    return redirect("work:mine" if MyWork(request).here else "/")


@require_safe
@for_staff
def mine(request: SignedInRequest) -> HttpResponse:
    user, work = request.user, MyWork(request)
    if not work.here:
        return redirect("/")
    if work.is_maker and not (work.enters_admin or any(work.units.values())):
        return redirect("workbench:home")
    context: dict[str, Any] = {"work": work}
    if work.keeps_a_roll or work.is_officer:
        context["notices_wait"] = queries.notices_that_wait(user)
    if work.keeps_a_roll:
        classes = queries.own_classes(user)
        context |= {
            "today": session_lines(queries.own_sessions_today(user)[: queries.SESSIONS_SHOWN]),
            "open_rolls": session_lines(queries.own_open_rolls(user)[: queries.SESSIONS_SHOWN]),
            "classes": classes[: queries.CLASSES_SHOWN],
            "class_count": classes.count(),
            "opens_classes": villages_for_classes(user).exists(),
        }
    if helps_at := work.units.get(Role.VOLUNTEER):
        context |= {
            "helps_at": helps_at,
            "to_help": queries.sessions_to_help_at(helps_at)[: queries.SESSIONS_SHOWN],
            "helped": queries.helped(user, timezone.localdate()),
        }
    if work.is_officer:
        own = work.units.get(Role.OFFICER, [])
        context["own_unit"] = own[0] if len(own) == 1 else None
        context["waits"] = [*queries.waits_below(user), *context["notices_wait"]]
    if work.has_measures and not work.is_officer:
        context["ledger_waits"] = queries.waits_in_ledger(user)
    if work.writes_alerts and not work.is_officer:
        context["alerts_wait"] = queries.alerts_wait(user)
    if work.enters_admin:
        context["checks"] = queries.waits_for_checking(user)
    return render(request, "work/mine.html", context)


@require_safe
@for_staff
def queue(request: SignedInRequest) -> HttpResponse:
    """Who waits for a place in a class, below an officer."""
    if not MyWork(request).is_officer:
        raise Http404
    waiting = Paginator(queries.waiting_enrolments(request.user), ENROLMENTS_A_PAGE)
    page = waiting.get_page(request.GET.get("p"))
    note_look(request.user, Looked.QUEUE, rows=len(page))
    return render(request, "work/queue.html", {"page": page})


@require_safe
@for_staff
def without_class(request: SignedInRequest) -> HttpResponse:
    """Teachers below an officer who have no class."""
    if not MyWork(request).is_officer:
        raise Http404
    teachers = queries.teachers_without_class(request.user).order_by("unit__path", "pk")
    page = Paginator(teachers, ENROLMENTS_A_PAGE)
    return render(request, "work/without_class.html", {"page": page.get_page(request.GET.get("p"))})
