"""典型案例, for those who work here: handed in, decided on, withdrawn."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.evaluation.choices import CaseState
from lms.evaluation.forms import CaseForm, ReasonForm
from lms.evaluation.models import TypicalCase
from lms.evaluation.services import cases as verbs
from lms.evaluation.views.scope import required, units_handed_in_for
from lms.people.models import holds_office

CASES_A_PAGE = 30


def works_with_cases(request: SignedInRequest) -> bool:
    user = request.user
    return user.is_superuser or holds_office(user) or units_handed_in_for(user).exists()


@require_safe
@for_staff
def case_list(request: SignedInRequest) -> HttpResponse:
    required(works_with_cases(request))
    seen = TypicalCase.objects.visible_to(request.user).select_related("unit", "lies_at")
    page = Paginator(seen, CASES_A_PAGE).get_page(request.GET.get("p"))
    waiting = TypicalCase.objects.waiting_for(request.user).select_related("unit")
    context = {
        "page": page,
        "waiting": waiting[:CASES_A_PAGE],
        "hands_in": units_handed_in_for(request.user).exists(),
    }
    return render(request, "evaluation/cases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new_case(request: SignedInRequest) -> HttpResponse:
    units = units_handed_in_for(request.user)
    required(units.exists())
    first = {"unit": units.first()}
    form = CaseForm(request.POST if request.method == "POST" else None, units=units, initial=first)
    if form.is_bound and form.is_valid():
        case = verbs.submit_case(
            unit=form.cleaned_data["unit"], told=form.told(), submitted_by=request.user
        )
        messages.success(request, _("报上去了，等上面看。"))
        return redirect("evaluation:case", case.pk)
    return render(
        request,
        "evaluation/case_edit.html",
        {"form": form, "case": None},
        status=422 if form.errors else 200,
    )


def own_case(request: SignedInRequest, pk: int) -> TypicalCase:
    """That the user handed in. Raises Http404 for others'."""
    own = TypicalCase.objects.visible_to(request.user).filter(submitted_by=request.user)
    return get_object_or_404(own.select_related("unit"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit_case(request: SignedInRequest, pk: int) -> HttpResponse:
    """One that was sent back."""
    case = own_case(request, pk)
    required(case.can_be_changed)
    units = units_handed_in_for(request.user) | type(case.unit).objects.filter(pk=case.unit_id)
    names = ("unit", "title", "situation", "deed", "outcome", "consent", "consented_on")
    first: dict[str, Any] = {name: getattr(case, name) for name in names}
    first["names_people"] = "yes" if case.names_people else "no"
    form = CaseForm(request.POST if request.method == "POST" else None, units=units, initial=first)
    form.fields["unit"].disabled = True
    if form.is_bound and form.is_valid():
        try:
            verbs.submit_again(case, told=form.told(), submitted_by=request.user)
        except verbs.CaseRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("报上去了，等上面看。"))
            return redirect("evaluation:case", case.pk)
    return render(
        request,
        "evaluation/case_edit.html",
        {"form": form, "case": case},
        status=422 if form.errors else 200,
    )


@require_safe
@for_staff
def case_page(request: SignedInRequest, pk: int) -> HttpResponse:
    case = case_seen(request, pk)
    own = case.submitted_by_id == request.user.pk
    keeps = verbs.keeps(request.user, case.lies_at)
    waits = case.state == CaseState.SUBMITTED
    context = {
        "case": case,
        "events": case.events.select_related("by", "unit"),
        "decides": waits and keeps and not own,
        "at_the_top": case.lies_at.get_parent() is None,
        "changes": own and case.can_be_changed,
        "withdraws": (own or keeps) and case.state != CaseState.WITHDRAWN,
        "form": ReasonForm(),
    }
    return render(request, "evaluation/case.html", context)


def case_seen(request: SignedInRequest, pk: int) -> TypicalCase:
    seen = TypicalCase.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("unit", "lies_at", "submitted_by"), pk=pk)


@require_POST
@for_staff
def decide(request: SignedInRequest, pk: int, act: str) -> HttpResponse:
    case = case_seen(request, pk)
    reason = request.POST.get("reason", "").strip()[:120]
    try:
        if act == "up":
            verbs.send_up(case, by=request.user)
        elif act == "choose":
            verbs.choose_case(case, by=request.user)
        elif act == "back":
            verbs.send_back(case, by=request.user, reason=reason)
        elif act == "withdraw":
            verbs.withdraw_case(case, by=request.user, reason=reason)
        else:
            raise Http404
    except verbs.CaseRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("办好了。"))
    return redirect("evaluation:case", pk)
