"""A draft as elders will see it: on a television, on a phone, on paper."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from courses.paper import PaperNotReady
from lms.manuals.models import Manual, ManualPicture, ManualVersion
from lms.manuals.papers import manual_card, manual_pdf
from lms.manuals.permissions import MemberRequest, for_members
from lms.manuals.views.desk import manual_of
from lms.manuals.views.reading import TASKS_A_SCREEN, page_context, step_context

LOOKS = {
    "television": _("电视"),
    "phone": _("手机"),
    "paper": _("纸上"),
}
PAPERS = {"card": manual_card, "manual": manual_pdf}
#: Where a link leads; what it shows is not live, so that it would lead nowhere.
WAY_ON = re.compile(r'(<a\b[^>]*\bhref=")[^"]*(")')
#: Left out of a frame that scrolls: it would take the keyboard away from the workbench.
SCRIPT = re.compile(r"<script\b[^>]*></script>")
PAPER_NAMES = {"card": _("一张卡，挂在机器旁边"), "manual": _("全部")}


@dataclass(frozen=True)
class Leaf:
    """A page of the preview, in the order of reading."""

    name: str
    title: str


@require_safe
@for_members
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """One page at a time, in the frame of a television or a phone; `?as` and `?page`."""
    manual = manual_of(request, pk)
    version = _shown(manual)
    look = request.GET.get("as", "")
    if look not in LOOKS:
        look = "television"
    leaves = leaves_of(version)
    names = [leaf.name for leaf in leaves]
    page = request.GET.get("page", "")
    number = names.index(page) if page in names else 0
    context = {
        "manual": manual,
        "product": manual.product,
        "version": version,
        "looks": LOOKS.items(),
        "look": look,
        "leaves": leaves,
        "leaf": leaves[number],
        "before": leaves[number - 1] if number else None,
        "after": leaves[number + 1] if number + 1 < len(leaves) else None,
        "number": number + 1,
        "papers": PAPER_NAMES.items(),
        "paper": page if page in PAPERS else "card",
    }
    return render(request, "manuals/workbench/preview.html", context)


@require_safe
@for_members
def screen(request: MemberRequest, pk: int, screen: str) -> HttpResponse:
    """What stands in the frame: the elders' own page, with the draft's words and no way on."""
    manual = manual_of(request, pk)
    version = _shown(manual)
    if screen in PAPERS:
        return _paper(version, screen)
    template, context = _page(request, version, screen)
    html = WAY_ON.sub(r"\1#\2", render_to_string(template, context, request))
    return HttpResponse(SCRIPT.sub("", html) if "still" in request.GET else html)


def _page(
    request: MemberRequest, version: ManualVersion, screen: str
) -> tuple[str, dict[str, Any]]:
    """The elders' template and what it is filled with; raises Http404."""
    context = page_context(version)
    if screen == "front":
        tasks = Paginator(list(version.tasks.all()), TASKS_A_SCREEN)
        context |= {"tasks": tasks.get_page(request.GET.get("p"))}
        return "manuals/manual.html", context
    if screen == "troubles":
        return "manuals/troubles.html", context
    numbers = [int(part) for part in screen.split("-") if part.isascii() and part.isdigit()]
    if len(numbers) != 2:
        raise Http404
    return "manuals/step.html", step_context(version, *numbers, url_of=own_url)


def leaves_of(version: ManualVersion) -> list[Leaf]:
    leaves = [Leaf("front", str(_("第一页")))]
    for number, task in enumerate(version.tasks.all(), 1):
        for place, step in enumerate(task.steps.all(), 1):
            leaves.append(Leaf(f"{number}-{place}", f"{task.title} · {place} {step.words}"))
    if version.troubles.all():
        leaves.append(Leaf("troubles", str(_("常见问题"))))
    return leaves


def _shown(manual: Manual) -> ManualVersion:
    """What somebody works on, else what was worked on last."""
    version = manual.versions.with_content().order_by("-number").first()
    if version is None:
        raise Http404
    return version


def own_url(picture: ManualPicture) -> str:
    return reverse("workbench:picture", args=[picture.key])


def _paper(version: ManualVersion, name: str) -> HttpResponse:
    try:
        content = PAPERS[name](version)
    except PaperNotReady as reason:
        return HttpResponse(str(reason), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
