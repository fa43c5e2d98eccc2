"""The five faces on paper: the sheet to print, and the page on which a pile is keyed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.attendance.views.printing import qr_code
from lms.evaluation.choices import Face, FaceQuestion
from lms.evaluation.forms import PaperForm
from lms.evaluation.models import PaperAnswers
from lms.evaluation.services.answers import AnswersRefused, key_in_paper, take_back_paper
from lms.evaluation.views.scope import unit_handed_in_for

PILES_SHOWN = 20


@require_safe
@for_staff
def sheet(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_handed_in_for(request.user, code)
    context = {"unit": unit, "questions": list(FaceQuestion), "faces": list(Face)}
    return render(request, "evaluation/sheet.html", context)


@require_safe
@for_staff
def sheet_qr(request: SignedInRequest, code: str) -> HttpResponse:
    """Leads a telephone to the same questions, of that unit."""
    unit = unit_handed_in_for(request.user, code)
    address = reverse("evaluation:faces_of", args=[unit.code])
    return qr_code(request.build_absolute_uri(address), title=_("扫码按笑脸"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def paper(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_handed_in_for(request.user, code)
    form = PaperForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            key_in_paper(
                unit=unit,
                month=form.cleaned_data["month"],
                sheets=form.cleaned_data["sheets"],
                counts=form.counts(),
                keyed_by=request.user,
            )
        except AnswersRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("记下了。"))
            return redirect("evaluation:paper", code)
    piles = PaperAnswers.objects.keyed_in_for(request.user).filter(unit=unit)
    context = {
        "unit": unit,
        "form": form,
        "faces": list(Face),
        "piles": piles.select_related("keyed_by")[:PILES_SHOWN],
    }
    return render(request, "evaluation/paper.html", context, status=422 if form.errors else 200)


@require_POST
@for_staff
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    piles = PaperAnswers.objects.keyed_in_for(request.user).select_related("unit")
    pile = get_object_or_404(piles, pk=pk)
    try:
        take_back_paper(pile, taken_back_by=request.user)
    except AnswersRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("撤回了，这一叠不算了。"))
    return redirect("evaluation:paper", pile.unit.code)
