"""How pages look and speak: the page on which one chooses."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.accounts.choices import Version
from lms.accounts.display import KINDS, Display, display_of, set_display
from lms.accounts.going_back import page_before
from lms.accounts.services import keep_display


@dataclass(frozen=True)
class Group:
    """Choices that one question has, by the name of the setting."""

    name: str
    question: str | Promise


#: A screen holds at most seven choices, so the questions stand on three of them.
SCREENS: Final = [
    [Group("size", _("字要多大？")), Group("theme", _("要什么颜色？"))],
    [Group("aloud", _("打开一课，要不要自动读给您听？")), Group("speed", _("读得快慢"))],
    [Group("version", _("用哪一版？")), Group("language", _("语言 Language"))],
]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def display_page(request: HttpRequest) -> HttpResponse:
    """Each press takes one choice and shows it at once; `next` is where one came from."""
    before = page_before(request)
    display = display_of(request)
    if request.method == "POST":
        display = display.choosing(request.POST.dict())
        set_display(request, display)
        if request.user.is_authenticated:
            keep_display(user=request.user, display=display)
        return redirect(reverse("display") + "?" + urlencode({"next": before}))
    screens = [[(group, _choices(display, group.name)) for group in screen] for screen in SCREENS]
    context = {"screens": screens, "before": before}
    return render(request, "accounts/display.html", context)


def _choices(display: Display, name: str) -> list[tuple[str, str, bool]]:
    """Value and label of each choice, and whether it holds now: no size does in the standard
    version."""
    holds = display.values()[name]
    if name == "size" and display.version == Version.STANDARD:
        holds = ""
    return [(value, label, value == holds) for value, label in KINDS[name].choices]
