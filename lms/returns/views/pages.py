"""A unit's return: what it says, what waits below, what was done; and its files."""

import time
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.paper import PaperNotReady
from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.second_factor import has_second_factor
from lms.people.models import holds_office, supervised_units
from lms.returns.errors import ReturnRefused
from lms.returns.files import pdf_of, xlsx_of
from lms.returns.forms import ReasonForm, SigningForm
from lms.returns.models import Return, ReturnTemplate, Snapshot
from lms.returns.queries import (
    above_seen,
    days_left_in_words,
    latest_returns,
    months_beside,
    own_units,
    read_page,
    template_for,
)
from lms.returns.views.access import Seen, return_seen
from lms.tables import as_download

UNITS_A_PAGE = 30
#: Of the moment at which a page was opened, which its form brings back.
OPENED = "returns.opened"


@require_safe
@for_staff
def mine(request: SignedInRequest) -> HttpResponse:
    """Straight to the newest return of the one unit that is the user's; a list for who has several.
    Nothing yet: the page says when the first month begins."""
    user = request.user
    if not (user.is_superuser or holds_office(user)):
        raise Http404
    units = own_units(user) or supervised_units(user)
    returns = latest_returns(units)
    if len(returns) == 1:
        return redirect(returns[0])
    page = Paginator(returns, UNITS_A_PAGE).get_page(request.GET.get("p"))
    return render(request, "returns/mine.html", {"page": page})


@require_safe
@for_staff
def unit_page(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    return show(request, return_seen(request.user, code, slug))


def show(
    request: SignedInRequest, seen: Seen, *, sent: Any = None, status: int = 200
) -> HttpResponse:
    """`sent`: a signing form that was filled in wrongly."""
    one, user = seen.one, request.user
    returns = Return.objects.visible_to(user).select_related("unit")
    page = read_page(one, user=user, decides=seen.fills)
    earlier, later = months_beside(one, returns)
    form: SigningForm | None = None
    if seen.fills and page.may_be_signed:
        form = sent or SigningForm(user=user, needs_explanation=page.needs_explanation)
    context = {
        "page": page,
        "one": one,
        "told": one.snapshot.told if one.snapshot else None,
        "above": above_seen(one, returns),
        "earlier": earlier,
        "later": later,
        "form": form,
        "cannot_sign": form is not None
        and not (has_second_factor(user) or user.has_usable_password()),
        "decides": seen.decides and one.above is not None and one.above.is_open,
        "fills": seen.fills,
        "may_lock": seen.fills and one.above_id is None,
        "unlocks": len(seen.to_unlock) > 1 or bool(seen.to_unlock and one.above_id is None),
        "is_own_signature": one.snapshot is not None and one.snapshot.signed_by_id == user.pk,
        "reason": ReasonForm(),
        "opened": signing.dumps(time.time(), salt=OPENED),
        "days_left": days_left_in_words(one),
    }
    return render(request, "returns/unit.html", context, status=status)


# --- Files ------------------------------------------------------------------------------------


def signed_or_404(seen: Seen) -> Snapshot:
    if seen.one.snapshot is None:
        raise Http404
    return seen.one.snapshot


@require_safe
@for_staff
def paper(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    seen = return_seen(request.user, code, slug)
    snapshot = signed_or_404(seen)
    try:
        content = pdf_of(seen.one, snapshot)
    except PaperNotReady as reason:
        messages.error(request, str(reason))
        return redirect(seen.one)
    answer = HttpResponse(content, content_type="application/pdf")
    named = content_disposition_header(as_attachment=False, filename=f"{file_name(seen.one)}.pdf")
    answer["Content-Disposition"] = named or "inline"
    return answer


@require_safe
@for_staff
def workbook(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    seen = return_seen(request.user, code, slug)
    snapshot = signed_or_404(seen)
    found = template_for(seen.one.unit)
    template = ReturnTemplate.objects.get(pk=found.pk) if found else None
    try:
        content = xlsx_of(seen.one, snapshot, template)
    except ReturnRefused as reason:
        messages.error(request, str(reason))
        return redirect(seen.one)
    return as_download(content, file_name=f"{file_name(seen.one)}.xlsx")


def file_name(one: Return) -> str:
    return f"{one.unit_name}{one.period.label}{_('月报')}"
