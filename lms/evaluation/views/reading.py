"""What anybody reads: cases that were chosen, and open figures."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.evaluation.models import OpenFigures, TypicalCase
from lms.tables import CSV, as_download

#: At most seven choices a screen: six and the way on.
CASES_A_SCREEN = 6


@require_safe
@never_cache
def cases(request: HttpRequest) -> HttpResponse:
    found = TypicalCase.objects.public().select_related("unit")
    screens = Paginator(found, CASES_A_SCREEN).get_page(request.GET.get("p"))
    return render(request, "evaluation/cases_public.html", {"screens": screens})


@require_safe
@never_cache
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Whatever was withdrawn is gone."""
    found = get_object_or_404(TypicalCase.objects.public().select_related("unit"), pk=pk)
    return render(request, "evaluation/case_public.html", {"case": found})


@require_safe
@never_cache
def open_data(request: HttpRequest) -> HttpResponse:
    """Every edition stays, so that what somebody has reckoned with can be looked at again."""
    found = OpenFigures.objects.defer("content", "dictionary")
    return render(request, "evaluation/open_data.html", {"editions": found})


@require_safe
@never_cache
def open_file(request: HttpRequest, year: int, edition: int, what: str) -> HttpResponse:
    """The file as it was made, byte by byte: its SHA-256 is that of the page."""
    found = get_object_or_404(OpenFigures, year=year, edition=edition)
    contents = {"figures": found.content, "dictionary": found.dictionary}
    if what not in contents:
        raise Http404
    name = f"yinling-{year}-{edition}-{what}.{CSV}"
    return as_download(bytes(contents[what]), file_name=name)
