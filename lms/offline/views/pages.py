"""What a phone shows of what it keeps. A browser keeps these two pages too, so they show nothing of
whoever asks for them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lms.accounts.nobody import as_nobody


@require_safe
@cache_control(no_cache=True)
def kept(request: HttpRequest) -> HttpResponse:
    """The lessons on this phone; the list is the phone's own, which no server knows."""
    return render(as_nobody(request, request.path), "offline/kept.html")


@require_safe
@cache_control(no_cache=True)
def away(request: HttpRequest) -> HttpResponse:
    """In place of a page that is neither kept nor to be had."""
    return render(as_nobody(request, request.path), "offline/away.html")
