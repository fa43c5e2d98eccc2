"""The pictures of an organisation, to be looked at or chosen again for a step."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lms.manuals.editor.permissions import MemberRequest, for_members, manual_of
from lms.manuals.editor.queries import library_of

PICTURES_A_PAGE = 24


@require_safe
@for_members
def library(request: MemberRequest) -> HttpResponse:
    """`?manual` and `?step` (its key): each picture is a button that puts it on that step. Asked
    for by the desk's script, it is the list alone."""
    asked, step = request.GET.get("manual", ""), request.GET.get("step", "")
    manual = None
    if asked:
        if not (asked.isascii() and asked.isdigit()) or len(asked) > 18:
            raise Http404
        manual = manual_of(request, int(asked))
        try:
            step = str(UUID(step))
        except ValueError as error:
            raise Http404 from error
    pictures = Paginator(library_of(request.organisation), PICTURES_A_PAGE)
    context = {
        "manual": manual,
        "step": step,
        "pictures": pictures.get_page(request.GET.get("p")),
    }
    is_part = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    name = "parts/library" if is_part else "library"
    return render(request, f"manuals/editor/{name}.html", context)
