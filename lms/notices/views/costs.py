"""What short messages cost, month by month and unit by unit."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.sms import sms_gateway
from lms.notices.queries import ceiling_is_reached, costs_for
from lms.people.models import supervised_units


@require_safe
@for_staff
def costs(request: SignedInRequest) -> HttpResponse:
    user = request.user
    if not (user.is_superuser or supervised_units(user)):
        raise Http404
    this, *before = costs_for(user, timezone.localdate())
    context = {
        "months": [this, *(each for each in before if each.units)],
        "most_yuan": settings.SMS_MOST_YUAN,
        "ceiling": ceiling_is_reached(),
        "sends": sms_gateway() is not None,
    }
    return render(request, "notices/costs.html", context)
