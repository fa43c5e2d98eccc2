"""读过了: a tick at a session of today."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.going_back import page_before
from lms.alerts import services
from lms.alerts.models import Alert
from lms.classes.models import ClassSession


@require_POST
@for_staff
def tick(request: SignedInRequest, pk: int, session: int) -> HttpResponse:
    """By whoever keeps the session's roll; with `undo` the tick is taken back. Goes back to
    `next`."""
    sessions = ClassSession.objects.changeable_by(request.user).select_related("class_group__unit")
    held = get_object_or_404(sessions, pk=session)
    alert = get_object_or_404(Alert.objects.live().select_related("unit"), pk=pk)
    if not held.class_group.unit.path.startswith(alert.unit.path):
        raise Http404
    if "undo" in request.POST:
        services.take_back_read_out(alert, session=held)
    else:
        services.note_read_out(alert, session=held, read_by=request.user)
    return redirect(page_before(request))
