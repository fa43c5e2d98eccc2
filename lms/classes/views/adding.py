"""加一次课: one meeting that the weekly pattern does not ask for."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.classes.clashes import Clashing, clashes_of
from lms.classes.class_days import class_days
from lms.classes.forms import AddSessionForm
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import add_session
from lms.classes.views.access import class_kept
from lms.classes.wall_clock import moment


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Past, from a sheet of paper, or to come: home visits, make-up lessons."""
    class_group = class_kept(request.user, pk)
    data = request.POST if request.method == "POST" else None
    form = AddSessionForm(data, initial=_usual_hours(class_group))
    if form.is_valid():
        anyway = "anyway" in request.POST
        try:
            session = _add(class_group, form.cleaned_data, added_by=request.user, anyway=anyway)
        except ClassRefused as reason:
            form.add_error(None, str(reason))
        except Clashing as clashing:
            form.clashes = clashing.warnings
        else:
            messages.success(request, _("加好了这次课。"))
            return redirect("attendance:session", pk=session.pk)
    context = {"form": form, "class_group": class_group}
    return render(request, "classes/add.html", context, status=200 if data is None else 422)


def _usual_hours(class_group: ClassGroup) -> dict[str, Any]:
    usual = class_group.weekly_times.first()
    hours = {"starts_at": usual.starts_at, "ends_at": usual.ends_at} if usual else {}
    return {"day": timezone.localdate(), **hours}


@transaction.atomic
def _add(
    class_group: ClassGroup, asked: dict[str, Any], *, added_by: User, anyway: bool
) -> ClassSession:
    """Raises ClassRefused, and Clashing unless it shall be `anyway`; nothing is saved then."""
    day = asked["day"]
    session = add_session(
        class_group,
        starts_at=moment(day, asked["starts_at"]),
        ends_at=moment(day, asked["ends_at"]),
        added_by=added_by,
        reason=asked["reason"],
    )
    warnings = clashes_of([session])
    if not class_days(class_group.unit, day, day).hold(day, class_group.unit):
        warnings.append(_("%(day)s是节假日或停课日。") % {"day": day})
    if warnings and not anyway:
        raise Clashing(warnings)
    return session
