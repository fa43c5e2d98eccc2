"""A manual as elders read it: first page, one step a screen, troubles, practice, video."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.models import LessonPage
from courses.practice import moment_of
from lms.limits import allows, refuse
from lms.manuals.catalogue.practices import practice_of
from lms.manuals.catalogue.queries import (
    another_of,
    manual_of_code,
    picture_of,
    picture_url,
    shown_version,
)
from lms.manuals.catalogue.services import Counted, count_reading
from lms.manuals.covers import sharing_of
from lms.manuals.films.queries import film_to_watch
from lms.manuals.models import Manual, ManualPicture, ManualStep, ManualTask, ManualVersion
from media.narration.sentences import split_sentences
from media.views import serve_stored

#: A screen has at most seven choices: these tasks, and the links to other pages.
TASKS_A_SCREEN = 5
#: By what is sent, the counter that it adds one to.
ANSWERS: dict[str, Counted] = {"yes": "understood", "no": "unclear"}


def for_readers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Finds the shown version by the printed code, however it was typed. For a manual that is not
    shown any more, a page says so and offers another one."""

    @wraps(view)
    def found(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponseBase:
        manual = manual_of_code(code)
        version = manual and shown_version(manual)
        if not manual or not version:
            context = {"manual": manual, "another": manual and another_of(manual)}
            return render(request, "manuals/catalogue/gone.html", context, status=404)
        if code != manual.short_code:
            return redirect(as_printed(request, manual))
        return view(request, version, **kwargs)

    return found


def as_printed(request: HttpRequest, manual: Manual) -> str:
    """The same address with the manual's code as it is printed."""
    asked = resolve(request.path_info)
    url = reverse(asked.view_name, kwargs={**asked.kwargs, "code": manual.short_code})
    query = request.META.get("QUERY_STRING")
    return f"{url}?{query}" if query else url


@require_safe
@for_readers
def manual_page(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    """The warnings, then the tasks. `?p` is the page of the tasks."""
    count_opening(request, version)
    tasks = Paginator(list(version.tasks.all()), TASKS_A_SCREEN)
    context = front_context(version) | {
        "tasks": tasks.get_page(request.GET.get("p")),
        "sharing": sharing_of(version),
    }
    return render(request, "manuals/catalogue/manual.html", context)


@require_safe
@for_readers
def step_page(request: HttpRequest, version: ManualVersion, task: int, step: int) -> HttpResponse:
    """One step, counted from 1. `?said` shows thanks for an answer."""
    context = step_context(
        version, task, step, url_of=lambda picture: picture_url(version.manual, picture)
    )
    count_opening(request, version, context["step"])
    context["said"] = request.GET.get("said", "")
    return render(request, "manuals/catalogue/step.html", context)


@require_safe
@for_readers
def task_done(request: HttpRequest, version: ManualVersion, task: int) -> HttpResponse:
    """After the last step: what to do next."""
    shown = task_of(version, task)
    context = page_context(version) | {
        "task": shown,
        "task_number": task,
        "last_step": len(steps_of(version, task)),
        "can_practise": bool(shown.told_steps()),
        "next_task": task + 1 if task < version.tasks.count() else None,
    }
    return render(request, "manuals/catalogue/done.html", context)


@require_POST
@for_readers
def answer(request: HttpRequest, version: ManualVersion, task: int, step: int) -> HttpResponse:
    """看懂了 or 没看懂: adds one to a count; nothing is kept about who answered."""
    here = nth(steps_of(version, task), step)
    said = request.POST.get("said", "")
    if said not in ANSWERS:
        raise Http404
    if not allows(request, "manual_answer"):
        return refuse(request)
    count_reading(ANSWERS[said], version=version, step=here)
    url = reverse("manuals:step", args=[version.manual.short_code, task, step])
    return redirect(f"{url}?said={said}")


@require_safe
@for_readers
def troubles(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    return render(request, "manuals/catalogue/troubles.html", page_context(version))


@require_safe
@for_readers
def practice_list(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    """Choose a task to practise; with only one task, straight to it."""
    tasks = Paginator(list(version.tasks.all()), TASKS_A_SCREEN + 1)
    if tasks.count == 1:
        return redirect("manuals:practice", version.manual.short_code, 1)
    context = page_context(version) | {"tasks": tasks.get_page(request.GET.get("p"))}
    return render(request, "manuals/catalogue/practices.html", context)


@require_safe
@for_readers
def practice(request: HttpRequest, version: ManualVersion, task: int) -> HttpResponse:
    """A task as a practice, in which nothing is kept."""
    shown = task_of(version, task)
    played = practice_of(shown, url_of=lambda picture: picture_url(version.manual, picture))
    moment = moment_of(played, request.GET)
    context = page_context(version) | {
        "task": shown,
        "moment": moment,
        # As on its page and in its film, before one is told what to do.
        "warning": shown.told_steps()[moment.number - 1].warning if moment.screen else "",
        "way_back": version.manual.get_short_url(),
    }
    return render(request, "manuals/catalogue/practice.html", context)


@require_safe
@for_readers
def video(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    film = film_to_watch(version)
    if film is None:
        raise Http404
    context = page_context(version) | {"video": film, "track": LessonPage.published_track(film)}
    return render(request, "manuals/catalogue/video.html", context)


@require_safe
def picture(request: HttpRequest, code: str, key: UUID) -> HttpResponseBase:
    """A picture of the shown version; 404 for any other picture."""
    manual = manual_of_code(code)
    shown = manual and picture_of(manual, key)
    if not shown:
        raise Http404
    return serve_stored(request, str(shown.file.name))


# --- What the pages share ---------------------------------------------------------------------


def page_context(version: ManualVersion) -> dict[str, Any]:
    return {
        "version": version,
        "manual": version.manual,
        "product": version.manual.product,
        "has_left": version.manual.organisation.has_left,
    }


def front_context(version: ManualVersion) -> dict[str, Any]:
    return page_context(version) | {"film": film_to_watch(version)}


def step_context(
    version: ManualVersion, task: int, step: int, *, url_of: Callable[[ManualPicture], str]
) -> dict[str, Any]:
    """Of one step; task and step are counted from 1. url_of gives the address of its picture.
    Raises Http404."""
    shown, steps = task_of(version, task), steps_of(version, task)
    here = nth(steps, step)
    return page_context(version) | {
        "task": shown,
        "task_number": task,
        "step": here,
        "step_number": step,
        "steps": len(steps),
        "picture_url": here.picture and url_of(here.picture),
        "parts": parts_of(here),
        "url": reverse("manuals:step", args=[version.manual.short_code, task, step]),
    }


def task_of(version: ManualVersion, number: int) -> ManualTask:
    """Counted from 1; raises Http404."""
    tasks = list(version.tasks.all())
    if not 0 < number <= len(tasks):
        raise Http404(_("说明书里没有这一页。"))
    return tasks[number - 1]


def steps_of(version: ManualVersion, task: int) -> list[ManualStep]:
    return list(task_of(version, task).steps.all())


def nth(steps: list[ManualStep], number: int) -> ManualStep:
    if not 0 < number <= len(steps):
        raise Http404(_("说明书里没有这一页。"))
    return steps[number - 1]


def parts_of(step: ManualStep) -> list[tuple[str, list[str]]]:
    """The parts of a step that are read aloud, the warning first: name and sentences."""
    warning = _("小心：%(words)s") % {"words": step.warning} if step.warning else ""
    expected = _("做对了，会这样：%(words)s") % {"words": step.expected} if step.expected else ""
    parts = {"warning": warning, "words": step.words, "expected": expected}
    return [(name, split_sentences(words)) for name, words in parts.items() if words]


def count_opening(
    request: HttpRequest, version: ManualVersion, step: ManualStep | None = None
) -> None:
    """Unless one address opens more pages than a person reads."""
    if allows(request, "manual_view"):
        count_reading("views", version=version, step=step)
