"""The page from which somebody came to a page that belongs to no place in the tree."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def page_before(request: HttpRequest) -> str:
    """The address on this site that `next` names; the home page where it names none, or another
    site's."""
    before = request.GET.get("next") or request.POST.get("next") or ""
    ours = before.startswith("/") and url_has_allowed_host_and_scheme(before, allowed_hosts=None)
    return before if ours else "/"
