"""我的学习: how far one has come, the number that brings it along, and what can be printed."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import Page

from courses.choices import AnsweredWhen, Tallied
from courses.last_lesson import COOKIE as LAST_LESSON_COOKIE
from courses.models import ClassroomPage, CoursePage, LessonPage
from courses.models.five_questions import Five, answers_of, five_of
from courses.my_learning import papers
from courses.paper import RETRY_SECONDS, PaperNotReady, address_of, qr_code
from courses.progress.marking import mark_read, mark_seen
from courses.progress.models import CODE_LENGTH, LearnerRecord, is_code
from courses.progress.records import forget, give_code, join, record_of_code
from courses.progress.screen import (
    begin_record,
    may_keep,
    open_on_screen,
    record_of,
    record_to_write,
)
from courses.progress.summary import ProgressSummary, learnt_by, summarise_progress
from courses.progress.tallies import count
from lms.limits import allows, refuse
from media.narration.queries import spoken_text_of


@require_safe
@never_cache
def learning(request: HttpRequest) -> HttpResponse:
    record = record_of(request)
    classrooms = list(ClassroomPage.objects.live().public())
    found = summarise_progress(record, classrooms, lessons=LessonPage.objects.live().public())
    context = {
        "record": record,
        "not_kept": record is None and not may_keep(request.user),
        "classrooms": list(zip(classrooms, found, strict=True)),
        "done": sum(each.done for each in found),
        "all": sum(each.all for each in found),
        "fives": fives_of(record),
    }
    return render(request, "courses/my/learning.html", context)


def fives_of(record: LearnerRecord | None) -> list[tuple[Page, Five]]:
    """The classrooms and series of whose five questions there is something to say or to do: those
    that were answered, and the classrooms that are learnt now."""
    if record is None:
        return []
    answers, learnt = answers_of(record), learnt_by(record)
    pages = [
        *ClassroomPage.objects.live().public(),
        *CoursePage.objects.live().public().filter(pk__in=answers),
    ]
    found = [(page, five_of(page, answers=answers.get(page.pk), learnt=learnt)) for page in pages]
    return [each for each in found if each[0].pk in answers or each[1].open == AnsweredWhen.AFTER]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def number(request: HttpRequest) -> HttpResponse:
    """POST gives the learner a number; who has one sees it."""
    record = record_of(request)
    if request.method == "POST":
        if record is None and not may_keep(request.user):
            return redirect("privacy:notice")
        record = record or begin_record(request)
        if record is None:
            return refuse(request)
        give_code(record)
        return redirect("my:number")
    context: dict[str, Any] = {}
    if record and record.code:
        address = address_of(reverse("my:enter"))
        context = {
            "groups": papers.groups_of(record.code),
            "address": address.partition("://")[2],
            "qr_code": qr_code(f"{address}?number={record.code}"),
        }
    return render(request, "courses/my/number.html", context)


@require_safe
@never_cache
def card(request: HttpRequest) -> HttpResponse:
    record = record_of(request)
    if record is None or record.code is None:
        raise Http404
    try:
        content = papers.card(record.code)
    except PaperNotReady as reason:
        return _not_ready(request, reason, back=reverse("my:number"))
    return _pdf(content, "card")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Go on under one's number, typed or out of the QR code on the card. Each key of the pad may be
    a page of its own, where no script runs."""
    sent = request.POST if request.method == "POST" else request.GET
    typed = "".join(letter for letter in sent.get("number", "")[:30] if letter.isdecimal())
    problem = ""
    if "erase" in request.POST:
        typed = typed[:-1]
    elif "digit" in request.POST:
        typed = (typed + request.POST["digit"][:1])[:CODE_LENGTH]
    elif request.method == "POST" and not request.user.is_authenticated:
        if not allows(request, "record_wrong", only_look=True):
            return refuse(request)
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
    """Open the record of that number on this screen; "slip" or "unknown" where there is none.

    What was begun here without a number is put into it: nobody else can have it.
    """
    if not is_code(typed):
        return "slip"
    found = record_of_code(typed)
    if found is None:
        allows(request, "record_wrong")
        return "unknown"
    here = record_of(request)
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
    record = record_of(request)
    [summary] = summarise_progress(record, [classroom], lessons=LessonPage.objects.live().public())
    if summary.finished_at is None:
        raise Http404
    if request.method != "POST":
        name = request.user.get_full_name() if request.user.is_authenticated else ""
        context = {
            "classroom": classroom,
            "summary": summary,
            "name": name[: papers.LONGEST_NAME],
            "longest": papers.LONGEST_NAME,
            "five": five_of(
                classroom, answers=answers_of(record).get(pk), learnt=learnt_by(record)
            ),
        }
        return render(request, "courses/my/ask_name.html", context)
    return _print_certificate(request, classroom, summary)


def _print_certificate(
    request: HttpRequest, classroom: ClassroomPage, summary: ProgressSummary
) -> HttpResponse:
    assert summary.finished_at is not None
    name = " ".join(request.POST.get("name", "").split())[: papers.LONGEST_NAME]
    try:
        content = papers.certificate(
            classroom=classroom,
            name=name,
            lessons=summary.all,
            finished_at=summary.finished_at,
            five=answers_of(record_of(request)).get(classroom.pk),
        )
    except PaperNotReady as reason:
        return _not_ready(request, reason, back=request.path)
    return _pdf(content, f"certificate-{classroom.slug}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def forget_all(request: HttpRequest) -> HttpResponse:
    """Asks once; then nothing is left of it, here or on any other screen."""
    record = record_of(request)
    if request.method == "POST":
        if record is not None:
            forget(record)
        open_on_screen(request, None)
        response = redirect("my:learning")
        response.delete_cookie(LAST_LESSON_COOKIE, samesite="Lax")
        return response
    return render(request, "courses/my/forget.html", {"record": record})


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
    if record := record_to_write(request):
        mark_read(record, lesson=lesson)
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
    if record := record_to_write(request):
        mark_seen(record, lesson=lesson, parts=int(parts))
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@never_cache
def opened(request: HttpRequest, pk: int) -> HttpResponse:
    """Told by the page's script, since a page that is kept is answered without looking at it."""
    count(request, Tallied.OPENED, lesson=_lesson(pk).pk)
    return HttpResponse(status=204)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unclear(request: HttpRequest, pk: int) -> HttpResponse:
    """没看懂: one press tells it, the ways on follow, and who likes says which step it was. `told`
    in the address is that step's number, 0 for the whole lesson."""
    lesson = _lesson(pk)
    steps = [block.value["words"] for block in lesson.steps]
    if request.method == "POST":
        number = number_of_step(request.POST.get("step", ""), steps)
        place = steps[number - 1] if number else ""
        count(request, Tallied.UNCLEAR, lesson=lesson.pk, place=place)
        return redirect(f"{reverse('my:unclear', args=[pk])}?told={number}")
    context = {
        "lesson": lesson,
        "steps": steps,
        "told": number_of_step(request.GET.get("told", ""), steps),
        "spoken": spoken_text_of(lesson, text=lesson.text_to_read),
    }
    return render(request, "courses/my/unclear.html", context)


def number_of_step(words: str, steps: Sequence[str]) -> int:
    """From 1; 0 for whatever is no step's."""
    numbers = {str(number): number for number in range(1, len(steps) + 1)}
    return numbers.get(words, 0)


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
