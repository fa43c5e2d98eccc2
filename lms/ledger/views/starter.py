"""The thirty-four measures, looked at before they are brought in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.accounts.access import SignedInRequest, for_staff
from lms.ledger.models import Measure
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.services.starter import bring_in_plan
from lms.ledger.starter import guangzhou_plan
from lms.people.queries import administered_units
from lms.units.choices import Level


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def bring_in(request: SignedInRequest) -> HttpResponse:
    city = administered_units(request.user).filter(level=Level.CITY).first()
    if city is None:
        raise Http404
    plan = guangzhou_plan()
    if request.method == "POST":
        anyway = request.POST.get("anyway") == "1"
        try:
            count = bring_in_plan(unit=city, by=request.user, anyway=anyway)
        except LedgerRefused as reason:
            messages.error(request, str(reason))
            return redirect("ledger:starter")
        messages.success(request, _("带入了%(count)d条。") % {"count": count})
        return redirect("ledger:list")
    there = set(Measure.objects.there().filter(unit=city).values_list("clause", flat=True))
    context = {
        "city": city,
        "plan": plan,
        "is_theirs": city.code == plan.unit,
        "missing": [each for each in plan.measures if each.clause not in there],
    }
    return render(request, "ledger/starter.html", context)
