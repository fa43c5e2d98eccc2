"""A manual as elders read it: its first page, one step a screen, its troubles, its practice."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.models import LessonPage
from courses.practice import moment_of
from lms.manuals.models import Manual, ManualPicture, ManualVersion, Step, Task
from lms.manuals.practices import practice_of
from lms.manuals.queries import another_of, manual_of_code, picture_of, shown_version
from lms.manuals.services.tallies import Counted, count
from media.sentences import split_sentences
from media.views import serve_file

#: At most seven choices a screen (elder-screens): these and the ways on.
TASKS_A_SCREEN = 5
#: What a press on one of the two answers counts.
ANSWERS: dict[str, Counted] = {"yes": "understood", "no": "unclear"}


def for_readers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Finds what is live by the printed code, however it is written. A code that leads to nothing
    any more is told in words, with a way on."""

    @wraps(view)
    def found(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponseBase:
        manual = manual_of_code(code)
        version = manual and shown_version(manual)
        if not manual or not version:
            context = {"manual": manual, "another": manual and another_of(manual)}
            return render(request, "manuals/gone.html", context, status=404)
        if code != manual.short_code:
            return redirect(request.get_full_path().replace(code, manual.short_code, 1))
        return view(request, version, **kwargs)

    return found


@require_safe
@for_readers
def manual_page(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    """The warnings, then what one may want to do. `?p` is the screen of the tasks."""
    count_opening(request, version)
    tasks = Paginator(list(version.tasks.all()), TASKS_A_SCREEN)
    context = page_context(version) | {"tasks": tasks.get_page(request.GET.get("p"))}
    return render(request, "manuals/manual.html", context)


@require_safe
@for_readers
def step_page(request: HttpRequest, version: ManualVersion, task: int, step: int) -> HttpResponse:
    """One step a screen, counted from 1; `?said` thanks for an answer."""
    context = step_context(
        version, task, step, url_of=lambda picture: picture_url(version.manual, picture)
    )
    count_opening(request, version, context["step"])
    context["said"] = request.GET.get("said", "")
    return render(request, "manuals/step.html", context)


@require_safe
@for_readers
def task_done(request: HttpRequest, version: ManualVersion, task: int) -> HttpResponse:
    """Behind the last step: what one may do now."""
    shown = task_of(version, task)
    context = page_context(version) | {
        "task": shown,
        "task_number": task,
        "last_step": len(steps_of(version, task)),
        "can_practise": any(step.picture for step in shown.steps.all()),
        "next_task": task + 1 if task < version.tasks.count() else None,
    }
    return render(request, "manuals/done.html", context)


@require_POST
@for_readers
def answer(request: HttpRequest, version: ManualVersion, task: int, step: int) -> HttpResponse:
    """看懂了 or 没看懂: a count, and nothing about who."""
    here = nth(steps_of(version, task), step)
    said = request.POST.get("said", "")
    if said not in ANSWERS:
        raise Http404
    if not ratelimit.consume(request, app="allauth.account", action="manual_answer"):
        return ratelimit.respond_429(request)
    count(ANSWERS[said], version=version, step=here)
    url = reverse("manuals:step", args=[version.manual.short_code, task, step])
    return redirect(f"{url}?said={said}")


@require_safe
@for_readers
def troubles(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    return render(request, "manuals/troubles.html", page_context(version))


@require_safe
@for_readers
def practice_list(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    """Which task to practise; straight to it when there is one."""
    tasks = Paginator(list(version.tasks.all()), TASKS_A_SCREEN + 1)
    if tasks.count == 1:
        return redirect("manuals:practice", version.manual.short_code, 1)
    context = page_context(version) | {"tasks": tasks.get_page(request.GET.get("p"))}
    return render(request, "manuals/practices.html", context)


@require_safe
@for_readers
def practice(request: HttpRequest, version: ManualVersion, task: int) -> HttpResponse:
    """A task on the pretend phone: nothing can go wrong, and nothing is kept."""
    shown = task_of(version, task)
    played = practice_of(shown, url_of=lambda picture: picture_url(version.manual, picture))
    context = page_context(version) | {
        "task": shown,
        "moment": moment_of(played, request.GET),
        "way_back": version.manual.get_short_url(),
    }
    return render(request, "manuals/practice.html", context)


@require_safe
@for_readers
def video(request: HttpRequest, version: ManualVersion) -> HttpResponse:
    if version.video is None:
        raise Http404
    film = version.video.video
    context = page_context(version) | {"video": film, "track": LessonPage.published_track(film)}
    return render(request, "manuals/video.html", context)


@require_safe
def picture(request: HttpRequest, code: str, key: UUID) -> HttpResponseBase:
    """A picture of what is live; 404 for any other, whosever it is."""
    manual = manual_of_code(code)
    shown = manual and picture_of(manual, key)
    if not shown:
        raise Http404
    return serve_file(request, settings.MEDIA_ROOT / str(shown.file.name))


# --- What the pages share ---------------------------------------------------------------------


def page_context(version: ManualVersion) -> dict[str, Any]:
    return {
        "version": version,
        "manual": version.manual,
        "product": version.manual.product,
        "has_left": version.manual.organisation.has_left,
    }


def step_context(
    version: ManualVersion, task: int, step: int, *, url_of: Callable[[ManualPicture], str]
) -> dict[str, Any]:
    """Of one step, counted from 1 as its task is; raises Http404. url_of: of its picture."""
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


def task_of(version: ManualVersion, number: int) -> Task:
    """Counted from 1; raises Http404."""
    tasks = list(version.tasks.all())
    if not 0 < number <= len(tasks):
        raise Http404(_("说明书里没有这一页。"))
    return tasks[number - 1]


def steps_of(version: ManualVersion, task: int) -> list[Step]:
    return list(task_of(version, task).steps.all())


def nth(steps: list[Step], number: int) -> Step:
    if not 0 < number <= len(steps):
        raise Http404(_("说明书里没有这一页。"))
    return steps[number - 1]


def parts_of(step: Step) -> list[tuple[str, list[str]]]:
    """What is read of a step, the warning first: what each part is, and its sentences."""
    warning = _("小心：%(words)s") % {"words": step.warning} if step.warning else ""
    expected = _("做对了，会这样：%(words)s") % {"words": step.expected} if step.expected else ""
    parts = {"warning": warning, "words": step.words, "expected": expected}
    return [(name, split_sentences(words)) for name, words in parts.items() if words]


def picture_url(manual: Manual, shown: ManualPicture) -> str:
    return reverse("manuals:picture", args=[manual.short_code, shown.key])


def count_opening(request: HttpRequest, version: ManualVersion, step: Step | None = None) -> None:
    """Unless somebody opens so many that it is no reading."""
    action = "manual_view"
    if ratelimit.consume(request, app="allauth.account", action=action, limit_get=True):
        count("views", version=version, step=step)
