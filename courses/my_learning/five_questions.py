"""五个问题: one a screen, before a classroom or a series is learnt and after."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from courses.choices import AnsweredWhen
from courses.models import ClassroomPage, CoursePage
from courses.models.five_questions import FiveQuestions, answers_of, five_of, said_in
from courses.progress.marking import note_five_answers
from courses.progress.screen import begin_on_screen, record_of, record_to_write
from courses.progress.summary import learnt_by


@require_safe
@never_cache
def five_questions(request: HttpRequest, pk: int, when: str) -> HttpResponse:
    """An answer is a link, so that it needs no script; with the fifth they are written down. Where
    they are not open (any more) it leads to the page whose they are."""
    page = get_object_or_404(Page.objects.live().public(), pk=pk).specific
    if not isinstance(page, (ClassroomPage, CoursePage)) or when not in AnsweredWhen.values:
        raise Http404
    record = record_of(request)
    answers = answers_of(record)
    five = five_of(page, answers=answers.get(pk), learnt=learnt_by(record))
    if five.open != when:
        return redirect(page.url)
    questions = FiveQuestions(five.lessons, said_in(request.GET.get("said", "")))
    if record is None:
        begin_on_screen(request)
    if questions.is_done and (record := record_to_write(request)):
        note_five_answers(
            record,
            page=page,
            when=AnsweredWhen(when),
            lessons=[each.pk for each in five.lessons],
            known=questions.known,
        )
        answers = answers_of(record)
    context = {
        "page": page,
        "when": when,
        "questions": questions,
        "answers": answers.get(pk),
        "subject": getattr(page, "subject", ""),
    }
    return render(request, "courses/my/five_questions.html", context)
