"""Finding a manual: by what one wants to do, or by the thing one has."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lms.manuals.choices import ProductKind
from lms.manuals.models import Manual, Task
from lms.manuals.queries import (
    kinds_shown,
    manuals_of_kind,
    often_opened,
    step_url,
    tasks_called,
    wishes,
)

#: At most seven choices a screen (elder-screens): six and the way on.
A_SCREEN = 6
#: Beside the three ways in.
OFTEN_OPENED = 4


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "manuals/front.html", {"often": often_opened(OFTEN_OPENED)})


@require_safe
def by_wish(request: HttpRequest) -> HttpResponse:
    """What one may want to do; a wish that several things answer leads to these."""
    shown = Paginator(wishes(), A_SCREEN).get_page(request.GET.get("p"))
    titles = [title for title, _count in shown]
    tasks: dict[str, list[Task]] = {title: list(tasks_called(title)) for title in titles}
    tiles = [
        {
            "title": title,
            "count": len(tasks[title]),
            "line": str(manual_of(tasks[title][0]).product),
            "url": url_of(tasks[title][0]) if len(tasks[title]) == 1 else "",
        }
        for title in titles
    ]
    return render(request, "manuals/wishes.html", {"shown": shown, "tiles": tiles})


@require_safe
def by_thing(request: HttpRequest) -> HttpResponse:
    """The kinds of things that there are manuals of."""
    shown = Paginator(kinds_shown(), A_SCREEN).get_page(request.GET.get("p"))
    tiles = [{"kind": kind, "count": count} | in_two(kind) for kind, count in shown]
    return render(request, "manuals/kinds.html", {"shown": shown, "tiles": tiles})


@require_safe
def of_wish(request: HttpRequest) -> HttpResponse:
    """The things with which one may do `?title`."""
    title = request.GET.get("title", "")
    shown = Paginator(tasks_called(title), A_SCREEN).get_page(request.GET.get("p"))
    tiles = [{"title": str(manual_of(task).product), "url": url_of(task)} for task in shown]
    context = {"heading": title, "shown": shown, "tiles": tiles, "title": title}
    return render(request, "manuals/things.html", context)


@require_safe
def of_kind(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in ProductKind.values:
        raise Http404
    shown = Paginator(manuals_of_kind(kind), A_SCREEN).get_page(request.GET.get("p"))
    tiles = [
        {"title": str(manual.product), "line": str(manual), "url": manual.get_short_url()}
        for manual in shown
    ]
    context = {"heading": in_two(ProductKind(kind))["title"], "shown": shown, "tiles": tiles}
    return render(request, "manuals/things.html", context)


def in_two(kind: ProductKind) -> dict[str, str]:
    """What a kind is called, and the examples that stand in brackets behind it."""
    title, _bracket, examples = str(kind.label).partition("（")
    return {"title": title, "examples": examples.removesuffix("）")}


def manual_of(task: Task) -> Manual:
    return task.version.manual


def url_of(task: Task) -> str:
    """Where its first step stands; its number among the tasks is its place."""
    return step_url(manual_of(task), task.position + 1, 1)
