"""The class screen: a code that learners' telephones read, another every half minute."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.attendance.choices import COUNTS_AS_PRESENT
from lms.attendance.class_codes import (
    digits_of,
    is_open,
    seconds_left,
    token_of,
    window_of,
)
from lms.attendance.views.printing import qr_code
from lms.classes.views.access import session_kept


@require_safe
@for_staff
def code_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks for itself anew when the code changes; of that nobody's being there follows
    (VIEWS_ASKED_BY_THE_PAGE)."""
    session = session_kept(request.user, pk)
    now = timezone.now()
    window = window_of(now)
    digits = digits_of(session, window)
    in_class = session.class_group.enrolments.in_class_on(session.day)
    context = {
        "session": session,
        "class_group": session.class_group,
        "open": is_open(session, now),
        "opens_at": session.roll_opens_at,
        "early": not session.takes_marks,
        "window": window,
        "digits": (digits[:3], digits[3:]),
        "seconds": seconds_left(now) + 1,  # the next code is there then
        "here_url": request.build_absolute_uri(reverse("here")),
        "present": session.attendance_records.filter(status__in=COUNTS_AS_PRESENT).count(),
        "enrolled": in_class.count(),
    }
    return render(request, "attendance/code.html", context)


@require_safe
@for_staff
def code_picture(request: SignedInRequest, pk: int, window: int) -> HttpResponse:
    """The window is in the address only so that no browser shows an old picture."""
    session = session_kept(request.user, pk)
    token = token_of(session, window_of(timezone.now()))
    url = reverse("here_scanned", kwargs={"token": token})
    return qr_code(request.build_absolute_uri(url), title=_("扫码报到"))
