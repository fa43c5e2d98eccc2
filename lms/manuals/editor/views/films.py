"""The film of a manual, as its maker sees it before elders do."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lms.manuals.editor.permissions import MemberRequest, for_members, manual_of
from lms.manuals.films.queries import film_of
from lms.manuals.films.services import ask_for_film, make_again


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def film_page(request: MemberRequest, pk: int) -> HttpResponse:
    """The film of the newest version. Like the papers, it is made when it is first looked at, and
    again where words or pictures have changed since. By POST: try again what has failed."""
    manual = manual_of(request, pk)
    version = manual.newest_version()
    if version is None:
        raise Http404
    ask_for_film(version)
    version.refresh_from_db()
    if request.method == "POST":
        if version.film is not None:
            make_again(version.film)
        return redirect("workbench:film", pk)
    context = {
        "manual": manual,
        "product": manual.product,
        "version": version,
        "film": film_of(version),
        "makes_films": settings.MANUAL_FILMS,
    }
    return render(request, "manuals/editor/film.html", context)
