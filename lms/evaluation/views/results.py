"""What the five faces say of a unit, and the doors of this room."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.evaluation.models import TypicalCase
from lms.evaluation.queries import results_of
from lms.evaluation.views.scope import publishes_figures, required, units_handed_in_for
from lms.people.models import holds_office
from lms.reports.access import topmost_units, unit_seen
from lms.reports.views import asked, controls


@require_safe
@for_staff
def home(request: SignedInRequest) -> HttpResponse:
    """The doors; 404 for whoever finds none of them open."""
    user = request.user
    sees = user.is_superuser or holds_office(user)
    units = list(units_handed_in_for(user))
    required(sees or bool(units))
    context = {
        "results_of": topmost_units(user) if sees else [],
        "units": units,
        "waiting": TypicalCase.objects.waiting_for(user).count(),
        "publishes": publishes_figures(user),
    }
    return render(request, "evaluation/home.html", context)


@require_safe
@for_staff
def results(request: SignedInRequest, code: str) -> HttpResponse:
    seen = unit_seen(request.user, code)
    question = asked(request, seen.unit).but(kind=None, subject=None)
    context = {
        "results": results_of(seen.unit, question.period),
        "above": seen.above,
        "hands_in": units_handed_in_for(request.user).exists(),
        **controls(question, reverse("evaluation:results", args=[code])),
    }
    return render(request, "evaluation/results.html", context)
