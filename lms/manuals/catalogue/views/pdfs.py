"""Downloading a manual as a PDF, by its printed code."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from courses.paper import RETRY_SECONDS, PaperNotReady
from lms.manuals.catalogue.pdfs import manual_card, manual_pdf
from lms.manuals.catalogue.views.reading import for_readers
from lms.manuals.models import ManualVersion


@require_safe
@conditional_page
@for_readers
def card(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    return _answer(request, version, manual_card, "card")


@require_safe
@conditional_page
@for_readers
def whole(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    return _answer(request, version, manual_pdf, "manual")


def _answer(
    request: HttpRequest, version: ManualVersion, make: Callable[[ManualVersion], bytes], name: str
) -> HttpResponse:
    code = version.manual.short_code
    try:
        content = make(version)
    except PaperNotReady as reason:
        words = {"reason": str(reason), "back": version.manual.get_short_url()}
        response = render(request, "courses/handout_not_ready.html", words, status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}-{code}.pdf"'
    response["Cache-Control"] = "no-cache"
    return response
