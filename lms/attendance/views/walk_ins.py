"""Somebody who is not in the class came: taken in from the session's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.accounts.access import SignedInRequest, for_staff
from lms.attendance.choices import EventOutcome
from lms.attendance.forms import WalkInForm
from lms.attendance.services.page import walk_in_on_page
from lms.attendance.views.sessions import show_session
from lms.classes.views.access import session_kept
from lms.classes.views.enrolments import SOMEBODY_ELSE
from lms.people.choices import Looked
from lms.people.services.looks import note_look


@require_POST
@for_staff
def walk_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """By number or by name; who has the same name is shown first, then "就是这位" or "是另一位"
    decides."""
    session = session_kept(request.user, pk)
    form = WalkInForm(request.POST, prefix="walk-in", session=session)
    if not form.is_valid():
        return show_session(request, session, {"walk_in": form})
    typed = form.cleaned_data
    who = request.POST.get("who", "")
    number = who if who and who != SOMEBODY_ELSE else typed["number"]
    shown = request.POST.getlist("shown") if who == SOMEBODY_ELSE else []
    answer = walk_in_on_page(
        session,
        recorded_by=request.user,
        number=number,
        name=typed["name"],
        not_these=shown,
        reason=typed.get("reason", ""),
    )
    if answer.outcome == EventOutcome.SAME_NAME:
        note_look(
            request.user,
            Looked.DIRECTORY,
            rows=len(answer.same),
            unit=session.class_group.unit,
            about=_("同名的"),
        )
        context = {
            "session": session,
            "class_group": session.class_group,
            "form": form,
            "same": answer.same,
        }
        return render(request, "attendance/choose_walk_in.html", context)
    if answer.learner is None:
        field = "number" if answer.outcome == EventOutcome.NO_NUMBER else None
        form.add_error(field, str(answer.outcome.label))
        return show_session(request, session, {"walk_in": form})
    words = _("%(name)s（%(number)s）登记了，点了到。")
    learner = answer.learner
    messages.success(request, words % {"name": learner.name, "number": learner.number})
    return redirect("attendance:session", pk=pk)
