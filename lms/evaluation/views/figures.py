"""Making a year's figures public: for officers where the tree begins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.accounts.access import SignedInRequest, for_staff
from lms.evaluation.forms import YearForm
from lms.evaluation.models import OpenFigures
from lms.evaluation.services.open_figures import FiguresRefused, publish_figures
from lms.evaluation.views.scope import publishes_figures, required


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def figures(request: SignedInRequest) -> HttpResponse:
    required(publishes_figures(request.user))
    form = YearForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            publish_figures(
                year=int(form.cleaned_data["year"]),
                made_by=request.user,
                reason=form.cleaned_data["reason"],
            )
        except FiguresRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("公开了。"))
            return redirect("evaluation:figures")
    context = {
        "form": form,
        "editions": OpenFigures.objects.defer("content", "dictionary").select_related("made_by"),
    }
    return render(request, "evaluation/figures.html", context, status=422 if form.errors else 200)
