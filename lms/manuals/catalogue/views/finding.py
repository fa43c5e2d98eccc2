"""Finding a manual: by what one wants to do, or by the kind of product."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.manuals.catalogue.codes import signs_of
from lms.manuals.catalogue.queries import (
    kinds_shown,
    manual_of_code,
    manuals_of_kind,
    often_opened,
    step_url,
    tasks_called,
    wishes,
)
from lms.manuals.choices import ProductKind
from lms.manuals.covers import show_covers
from lms.manuals.models import Manual, ManualTask
from lms.manuals.models.manuals import SHORT_CODE_LENGTH, SHORT_CODE_SIGNS

#: A screen has at most seven choices: these, and the link to the next page.
A_SCREEN = 6
#: Shown beside the four links of the first page.
OFTEN_OPENED = 2


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    show_covers(often := often_opened(OFTEN_OPENED))
    return render(request, "manuals/catalogue/front.html", {"often": often})


@require_safe
def by_code(request: HttpRequest) -> HttpResponse:
    """A field for the code that is printed on a box; its keys are for the remote, and each a
    request of its own where there is no script."""
    code = signs_of(request.GET.get("code", "") + request.GET.get("digit", ""))
    problem = ""
    if "erase" in request.GET:
        code = code[:-1]
    elif "go" in request.GET or len(code) == SHORT_CODE_LENGTH:
        if manual := manual_of_code(code):
            return redirect(manual.get_short_url())
        problem = _("没有“%(code)s”这个号码。请对着盒子，一个字一个字再看一遍。") % {"code": code}
        if not code:
            problem = _("请先输入盒子上印的号码，六个字母和数字。")
    context = {
        "code": code[:SHORT_CODE_LENGTH],
        "problem": problem,
        "signs": SHORT_CODE_SIGNS,
        "length": SHORT_CODE_LENGTH,
    }
    return render(request, "manuals/catalogue/code.html", context)


@require_safe
def by_wish(request: HttpRequest) -> HttpResponse:
    """The titles of tasks. One that several products have leads to a list of them."""
    shown = Paginator(wishes(), A_SCREEN).get_page(request.GET.get("p"))
    titles = [title for title, _count in shown]
    tasks: dict[str, list[ManualTask]] = {title: list(tasks_called(title)) for title in titles}
    tiles = [
        {
            "title": title,
            "count": len(tasks[title]),
            "line": str(manual_of(tasks[title][0]).product),
            "url": url_of(tasks[title][0]) if len(tasks[title]) == 1 else "",
        }
        for title in titles
    ]
    return render(request, "manuals/catalogue/wishes.html", {"shown": shown, "tiles": tiles})


@require_safe
def by_thing(request: HttpRequest) -> HttpResponse:
    """The kinds of products that have manuals."""
    shown = Paginator(kinds_shown(), A_SCREEN).get_page(request.GET.get("p"))
    tiles = [{"kind": kind, "count": count} | in_two(kind) for kind, count in shown]
    return render(request, "manuals/catalogue/kinds.html", {"shown": shown, "tiles": tiles})


@require_safe
def of_wish(request: HttpRequest) -> HttpResponse:
    """The products that have a task with this `?title`."""
    title = request.GET.get("title", "")
    shown = Paginator(tasks_called(title), A_SCREEN).get_page(request.GET.get("p"))
    manuals = [manual_of(task) for task in shown]
    show_covers(manuals)
    tiles = [
        {"title": str(manual.product), "url": url_of(task), "manual": manual}
        for manual, task in zip(manuals, shown, strict=True)
    ]
    context = {"heading": title, "shown": shown, "tiles": tiles, "title": title}
    return render(request, "manuals/catalogue/things.html", context)


@require_safe
def of_kind(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in ProductKind.values:
        raise Http404
    shown = Paginator(manuals_of_kind(kind), A_SCREEN).get_page(request.GET.get("p"))
    show_covers(manuals := list(shown))
    tiles = [
        {
            "title": str(manual.product),
            "line": str(manual),
            "url": manual.get_short_url(),
            "manual": manual,
        }
        for manual in manuals
    ]
    context = {"heading": in_two(ProductKind(kind))["title"], "shown": shown, "tiles": tiles}
    return render(request, "manuals/catalogue/things.html", context)


def in_two(kind: ProductKind) -> dict[str, str]:
    """The name of a kind, and the examples in brackets behind it."""
    title, _bracket, examples = str(kind.label).partition("（")
    return {"title": title, "examples": examples.removesuffix("）")}


def manual_of(task: ManualTask) -> Manual:
    return task.version.manual


def url_of(task: ManualTask) -> str:
    """Of its first step."""
    return step_url(manual_of(task), task.position + 1, 1)
