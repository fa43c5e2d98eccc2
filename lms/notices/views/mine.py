"""我的通知: what somebody was told, staff and learners alike."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.sms import sms_gateway
from lms.accounts.views.account import BY_TELEPHONE, signed_in
from lms.notices.audiences import hears_of_work
from lms.notices.choices import DigestBy
from lms.notices.models import Delivery, DigestChoice
from lms.notices.queries import unread_of
from lms.notices.services.people import choose_digest, mark_read

NOTICES_A_PAGE = 20
#: A learner reads those of a screen or two, and the page is all that is done about them.
SHOWN_TO_LEARNERS = 7


@require_safe
@login_required(login_url=BY_TELEPHONE)
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Staff press when they have read; of a learner what was shown is read."""
    user = signed_in(request)
    deliveries = Delivery.objects.on_page_of(user)
    if not hears_of_work(user):
        shown = list(deliveries[:SHOWN_TO_LEARNERS])
        mark_read(user)
        return render(request, "notices/of_learner.html", {"deliveries": shown})
    page = Paginator(deliveries.select_related("notice__unit"), NOTICES_A_PAGE).get_page(
        request.GET.get("p")
    )
    context: dict[str, Any] = {"page": page, "unread": unread_of(user), **_digest_ways(request)}
    return render(request, "notices/mine.html", context)


def _digest_ways(request: HttpRequest) -> dict[str, Any]:
    """`ways`: each with its words and whether it can be had."""
    user = signed_in(request)
    chosen = DigestChoice.objects.filter(person=user).values_list("by", flat=True).first()
    there = {
        DigestBy.EMAIL: bool(user.email and settings.EMAIL_HOST),
        DigestBy.SMS: bool(user.telephone and sms_gateway() is not None),
        DigestBy.NONE: True,
    }
    return {
        "ways": [(way.value, way.label, there[way]) for way in DigestBy],
        "chosen": chosen or DigestBy.EMAIL,
    }


@require_POST
@for_staff
def read(request: SignedInRequest) -> HttpResponse:
    """`which`: one; without it all."""
    which = request.POST.get("which", "")
    if which and not re.fullmatch(r"[0-9]{1,18}", which):
        raise Http404
    mark_read(request.user, pk=int(which) if which else None)
    return redirect("my_notices:mine")


@require_POST
@for_staff
def digest(request: SignedInRequest) -> HttpResponse:
    by = request.POST.get("by", "")
    if by not in DigestBy.values:
        raise Http404
    choose_digest(request.user, DigestBy(by))
    messages.success(request, _("记下了。"))
    return redirect("my_notices:mine")
