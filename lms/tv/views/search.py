"""What has no door on the home page; looking for a lesson or a manual."""

from string import ascii_uppercase

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from courses.models import LessonPage, ShelfPage
from courses.models.on_tiles import show_on_tiles
from courses.progress.screen import record_of
from lms.limits import allows
from lms.search.counting import note_sought, suggestions
from lms.search.finding import Found, clean_query, find
from media.covers.queries import show_covers

#: At most seven choices a screen (elder-screens): these and the two ways on.
FOUND_A_SCREEN = 4
#: What only comes near leaves room for the ways on: to people, and home.
NEAR_A_SCREEN = 3
#: Four more choices are the rooms that stand here always.
SHELVES_AT_MOST = 3


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """The search, one's own learning, who is watching, and the editors' shelves."""
    shelves = ShelfPage.objects.live().public()[:SHELVES_AT_MOST]
    return render(request, "tv/more.html", {"shelves": shelves})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q` is what was typed so far, `?p` the screen of what was found; with `go` somebody has
    typed it to its end."""
    query = clean_query(request.GET.get("q", ""))
    findings = find(query)
    if query and "go" in request.GET:
        count(request, query)
    found = findings.found[:NEAR_A_SCREEN] if findings.in_vain else findings.found
    found_a_screen = Paginator(found, FOUND_A_SCREEN).get_page(request.GET.get("p"))
    context = {
        "query": query,
        "findings": findings,
        "found": found_a_screen,
        "tiles": with_pages(request, list(found_a_screen)),
        "letters": ascii_uppercase,
        "suggestions": [] if query else suggestions(),
    }
    return render(request, "tv/search.html", context)


def with_pages(request: HttpRequest, found: list[Found]) -> list[tuple[Found, Page | None]]:
    """Each with its page, of which a tile shows the cover, and of a lesson says more; None: a
    manual, or a page that has no cover."""
    pages = Page.objects.filter(pk__in=[each.page for each in found if each.page]).specific()
    covered = {page.pk: page for page in pages if hasattr(page, "cover_drawing")}
    lessons = [page for page in covered.values() if isinstance(page, LessonPage)]
    show_on_tiles(record_of(request), lessons)
    show_covers(page for page in covered.values() if page not in lessons)
    return [(each, covered.get(each.page)) for each in found]


@require_POST
def sought(request: HttpRequest) -> HttpResponse:
    """Told by the page's script when somebody opens what was found, or finds nothing."""
    count(request, clean_query(request.POST.get("q", "")))
    return HttpResponse(status=204)


def count(request: HttpRequest, query: str) -> None:
    """No more than a class behind one address would seek; of who it was, nothing is kept."""
    if allows(request, "sought"):
        note_sought(query)
