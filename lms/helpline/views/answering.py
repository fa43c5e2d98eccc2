"""Whoever asked for a call: the list of those who call back, and what they write down."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.helpline.models import HelpRequest, answers_help
from lms.helpline.services import HelpRefused, close_help
from lms.people.choices import Looked
from lms.people.services.looks import note_look
from lms.units.queries import trails_of

REQUESTS_A_PAGE = 30
CLOSED_SHOWN = 20


@require_safe
@for_staff
def waiting_list(request: SignedInRequest) -> HttpResponse:
    user = request.user
    if not answers_help(user):
        raise Http404
    requests = HelpRequest.objects.answerable_by(user).select_related(
        "unit", "learner", "page", "closed_by"
    )
    waiting = Paginator(requests.open(), REQUESTS_A_PAGE).get_page(request.GET.get("p"))
    trails = trails_of([each.unit for each in waiting])
    closed = list(requests.closed()[:CLOSED_SHOWN])
    note_look(user, Looked.HELP, rows=len(waiting) + len(closed))
    context = {
        "waiting": [(each, trails[each.unit.path]) for each in waiting],
        "screen": waiting,
        "closed": closed,
    }
    return render(request, "helpline/waiting.html", context)


@require_POST
@for_staff
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(HelpRequest.objects.answerable_by(request.user), pk=pk)
    note = request.POST.get("note", "").strip()[:80]
    try:
        close_help(asked, closed_by=request.user, note=note)
    except HelpRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("记下了：%(who)s的求助办好了。") % {"who": asked.who()})
    return redirect("helpline:list")
