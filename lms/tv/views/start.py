"""What a set-top box or a television opens at power-on. It goes on to the home page as soon as the
site answers; kept by the site's worker (lms.offline), from there or from any other page of ours
(tv/offline.js), it also stands in for every page that cannot be had without a network. So it shows
nothing of whoever asks for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lms.accounts.nobody import as_nobody


@require_safe
@cache_control(no_cache=True)
def start(request: HttpRequest) -> HttpResponse:
    return render(as_nobody(request, request.path), "tv/start.html")
