"""What has no door on the home page; looking for a lesson or a manual."""

from string import ascii_uppercase

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.models import ShelfPage
from lms.tv.search import clean_query, find_all

#: At most seven choices a screen (elder-screens): these and the two ways on.
FOUND_A_SCREEN = 4
#: Four more choices are the rooms that stand here always.
SHELVES_AT_MOST = 3


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """The search, one's own learning, who is watching, and the editors' shelves."""
    shelves = ShelfPage.objects.live().public()[:SHELVES_AT_MOST]
    return render(request, "tv/more.html", {"shelves": shelves})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q` is what was typed so far, `?p` the screen of what was found."""
    query = clean_query(request.GET.get("q", ""))
    found = Paginator(find_all(query), FOUND_A_SCREEN).get_page(request.GET.get("p"))
    context = {"query": query, "found": found, "letters": ascii_uppercase}
    return render(request, "tv/search.html", context)
