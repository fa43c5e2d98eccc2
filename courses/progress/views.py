"""我的学习: how far one has come, the number that brings it along, and what can be printed."""

from typing import Any

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.last_lesson import COOKIE as LAST_LESSON_COOKIE
from courses.models import ClassroomPage, LessonPage
from courses.models.progress import CODE_LENGTH, is_code
from courses.paper import PaperNotReady, address_of, square
from courses.progress import papers
from courses.progress.marking import mark_read, mark_seen
from courses.progress.notebooks import forget, give_code, join, notebook_of_code
from courses.progress.screen import (
    allows,
    begin_notebook,
    notebook_of,
    notebook_to_write,
    open_on_screen,
)
from courses.progress.standing import Standing, standings

RETRY_SECONDS = 20


@require_safe
@never_cache
def learning(request: HttpRequest) -> HttpResponse:
    notebook = notebook_of(request)
    classrooms = list(ClassroomPage.objects.live().public())
    found = standings(notebook, classrooms)
    context = {
        "notebook": notebook,
        "classrooms": list(zip(classrooms, found, strict=True)),
        "done": sum(each.done for each in found),
        "all": sum(each.all for each in found),
    }
    return render(request, "courses/my/learning.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def number(request: HttpRequest) -> HttpResponse:
    """POST gives the learner a number; who has one sees it."""
    notebook = notebook_of(request)
    if request.method == "POST":
        notebook = notebook or begin_notebook(request)
        if notebook is None:
            return ratelimit.respond_429(request)
        give_code(notebook)
        return redirect("my:number")
    context: dict[str, Any] = {}
    if notebook and notebook.code:
        address = address_of(reverse("my:enter"))
        context = {
            "groups": papers.groups_of(notebook.code),
            "address": address.partition("://")[2],
            "square": square(f"{address}?number={notebook.code}"),
        }
    return render(request, "courses/my/number.html", context)


@require_safe
@never_cache
def card(request: HttpRequest) -> HttpResponse:
    notebook = notebook_of(request)
    if notebook is None or notebook.code is None:
        raise Http404
    try:
        content = papers.card(notebook.code)
    except PaperNotReady as reason:
        return _not_ready(request, reason, back=reverse("my:number"))
    return _pdf(content, "card")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Go on under one's number, typed or out of the square on the card. Each key of the pad may be
    a page of its own, where no script runs."""
    sent = request.POST if request.method == "POST" else request.GET
    typed = "".join(letter for letter in sent.get("number", "")[:30] if letter.isdecimal())
    problem = ""
    if "erase" in request.POST:
        typed = typed[:-1]
    elif "digit" in request.POST:
        typed = (typed + request.POST["digit"][:1])[:CODE_LENGTH]
    elif request.method == "POST" and not request.user.is_authenticated:
        if not allows(request, "notebook_wrong", only_look=True):
            return ratelimit.respond_429(request)
        problem = _take_up(request, typed)
        if not problem:
            return redirect("my:learning")
    context = {
        "number": typed,
        "groups": papers.groups_of(typed),
        "scanned": request.method != "POST" and is_code(typed),
        "problem": problem,
        "keys": "123456789",
        "most_digits": CODE_LENGTH,
    }
    status = 422 if problem else 200
    return render(request, "courses/my/enter.html", context, status=status)


def _take_up(request: HttpRequest, typed: str) -> str:
    """Open the notebook of that number on this screen; "slip" or "unknown" where there is none.

    What was begun here without a number is put into it: nobody else can have it.
    """
    if not is_code(typed):
        return "slip"
    found = notebook_of_code(typed)
    if found is None:
        allows(request, "notebook_wrong")
        return "unknown"
    here = notebook_of(request)
    if here is not None and here != found and here.code is None and here.user_id is None:
        join(found, here)
        found.refresh_from_db()
    open_on_screen(request, found)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for a name and prints it; nobody keeps it."""
    classroom = get_object_or_404(ClassroomPage.objects.live().public(), pk=pk)
    [standing] = standings(notebook_of(request), [classroom])
    if standing.finished_at is None:
        raise Http404
    if request.method != "POST":
        user: Any = request.user
        name = user.get_full_name() if user.is_authenticated else ""
        context = {
            "classroom": classroom,
            "standing": standing,
            "name": name[: papers.LONGEST_NAME],
            "longest": papers.LONGEST_NAME,
        }
        return render(request, "courses/my/ask_name.html", context)
    return _print_certificate(request, classroom, standing)


def _print_certificate(
    request: HttpRequest, classroom: ClassroomPage, standing: Standing
) -> HttpResponse:
    assert standing.finished_at is not None
    name = " ".join(request.POST.get("name", "").split())[: papers.LONGEST_NAME]
    try:
        content = papers.certificate(
            classroom=classroom,
            name=name,
            lessons=standing.all,
            finished_at=standing.finished_at,
        )
    except PaperNotReady as reason:
        return _not_ready(request, reason, back=request.path)
    return _pdf(content, f"certificate-{classroom.slug}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def forget_all(request: HttpRequest) -> HttpResponse:
    """Asks once; then nothing is left of it, here or on any other screen."""
    notebook = notebook_of(request)
    if request.method == "POST":
        if notebook is not None:
            forget(notebook)
        open_on_screen(request, None)
        response = redirect("my:learning")
        response.delete_cookie(LAST_LESSON_COOKIE, samesite="Lax")
        return response
    return render(request, "courses/my/forget.html", {"notebook": notebook})


# --- What lesson pages send -------------------------------------------------------------------
# They carry no token, so that a lesson is the same page for everybody and can be cached whole.
# Another site's form does nothing here: browsers send it without our cookies (SameSite=Lax), and
# without them nothing is written.


@csrf_exempt
@require_POST
@never_cache
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """我看完了, and on to the quiz."""
    lesson = _lesson(pk)
    if notebook := notebook_to_write(request):
        mark_read(notebook, lesson=lesson)
    return redirect(lesson.url + ("#quiz" if lesson.quizzes else "#learnt"))


@csrf_exempt
@require_POST
@never_cache
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The player tells which parts of the film were seen."""
    lesson = _lesson(pk)
    parts = request.POST.get("parts", "")
    if not (parts.isascii() and parts.isdigit() and len(parts) < 10):
        return HttpResponse(status=400)
    if notebook := notebook_to_write(request):
        mark_seen(notebook, lesson=lesson, parts=int(parts))
    return HttpResponse(status=204)


def _lesson(pk: int) -> LessonPage:
    lesson: LessonPage = get_object_or_404(LessonPage.objects.live().public(), pk=pk)
    return lesson


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _not_ready(request: HttpRequest, reason: PaperNotReady, *, back: str) -> HttpResponse:
    context = {"reason": str(reason), "back": back}
    response = render(request, "courses/handout_not_ready.html", context, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
