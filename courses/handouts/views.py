"""Lessons as PDFs, for whoever may see the pages."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe
from wagtail.models import Page

from courses.handouts.sheets import classroom_pack, lesson_handout
from courses.models import ClassroomPage, LessonPage
from courses.paper import RETRY_SECONDS, PaperNotReady

Printed = TypeVar("Printed", LessonPage, ClassroomPage)


@require_safe
@conditional_page
def lesson_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    lesson = get_object_or_404(LessonPage.objects.live().public(), pk=pk)
    return _answer(request, lesson, lesson_handout)


@require_safe
@conditional_page
def classroom_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    classroom = get_object_or_404(ClassroomPage.objects.live().public(), pk=pk)
    return _answer(request, classroom, classroom_pack)


def _answer(request: HttpRequest, page: Printed, make: Callable[[Printed], bytes]) -> HttpResponse:
    try:
        content = make(page)
    except PaperNotReady as reason:
        words = {"reason": str(reason), "back": Page.objects.get(pk=page.pk).url}
        response = render(request, "courses/handout_not_ready.html", words, status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{page.slug}.pdf"'
    response["Cache-Control"] = "no-cache"
    return response
