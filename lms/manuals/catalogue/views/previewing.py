"""Elders' own pages with the words of a version that is not live, for its maker and reviewers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from lms.manuals.catalogue.views.reading import (
    TASKS_A_SCREEN,
    front_context,
    page_context,
    step_context,
)
from lms.manuals.models import ManualPicture, ManualVersion

#: The target of a link. It is replaced in a preview, since the pages behind it are not live.
LINK_TARGET = re.compile(r'(<a\b[^>]*\bhref=")[^"]*(")')
#: Left out of the frame: our scripts would take the keyboard from the page around it.
SCRIPT = re.compile(r"<script\b[^>]*></script>")


@dataclass(frozen=True)
class PreviewPage:
    """One screen of the preview."""

    name: str
    title: str


def preview_pages_of(version: ManualVersion) -> list[PreviewPage]:
    pages = [PreviewPage("front", str(_("第一页")))]
    for number, task in enumerate(version.tasks.all(), 1):
        for place, step in enumerate(task.steps.all(), 1):
            pages.append(PreviewPage(f"{number}-{place}", f"{task.title} · {place} {step.words}"))
    if version.troubles.all():
        pages.append(PreviewPage("troubles", str(_("常见问题"))))
    return pages


def preview_screen(
    request: HttpRequest,
    version: ManualVersion,
    screen: str,
    *,
    url_of: Callable[[ManualPicture], str],
) -> HttpResponse:
    """The elders' own page by the name of a PreviewPage; its links lead nowhere. url_of gives the
    address of a picture. `?still`: without scripts. Raises Http404 for an unknown screen."""
    template, context = _page(request, version, screen, url_of)
    html = LINK_TARGET.sub(r"\1#\2", render_to_string(template, context, request))
    return HttpResponse(SCRIPT.sub("", html) if "still" in request.GET else html)


def _page(
    request: HttpRequest,
    version: ManualVersion,
    screen: str,
    url_of: Callable[[ManualPicture], str],
) -> tuple[str, dict[str, Any]]:
    """The elders' template and its context."""
    if screen == "front":
        tasks = Paginator(list(version.tasks.all()), TASKS_A_SCREEN)
        context = front_context(version) | {"tasks": tasks.get_page(request.GET.get("p"))}
        return "manuals/catalogue/manual.html", context
    if screen == "troubles":
        return "manuals/catalogue/troubles.html", page_context(version)
    numbers = [int(part) for part in screen.split("-") if part.isascii() and part.isdigit()]
    if len(numbers) != 2:
        raise Http404
    return "manuals/catalogue/step.html", step_context(version, *numbers, url_of=url_of)
