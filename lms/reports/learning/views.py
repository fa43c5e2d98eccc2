"""学得怎样, for editors and officers: all lessons, one lesson, and the table as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from courses.models import LessonPage
from courses.progress.tallies import months_ago
from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.people.choices import Looked
from lms.people.models import holds_office
from lms.people.services.looks import note_look
from lms.reports.files import Heading, write_csv, write_xlsx
from lms.reports.learning.figures import figures_of_lesson, figures_of_lessons
from lms.reports.learning.five_questions import five_questions_table
from lms.reports.learning.tables import (
    answers_of,
    film_table,
    left_in_words,
    lesson_table,
    lessons_table,
    presses_in_words,
    steps_table,
)
from lms.tables import CONTENT_TYPES, CSV, XLSX, as_download

#: Which are offered: this month alone, and so many with it.
SPANS = {1: gettext_lazy("这个月"), 3: gettext_lazy("三个月"), 12: gettext_lazy("一年")}
USUAL = 3


def sees_learning(user: User) -> bool:
    """Editors, whose lessons they are, and who supervises any unit: nothing here is a unit's."""
    return user.is_superuser or user.is_office() or holds_office(user)


def asked_months(request: SignedInRequest) -> int:
    """Raises Http404 for whoever sees nothing, and for a span that is not offered."""
    if not sees_learning(request.user):
        raise Http404
    months = request.GET.get("months", str(USUAL))
    if months not in {str(each) for each in SPANS}:
        raise Http404
    return int(months)


@require_safe
@for_staff
def lessons(request: SignedInRequest) -> HttpResponse:
    months = asked_months(request)
    context = {
        "table": lessons_table(figures_of_lessons(months=months), f"months={months}"),
        "five": five_questions_table(months=months),
        "about": period_of(months),
        "files": [
            (suffix.upper(), f"{reverse('reports:learning_file', args=[suffix])}?months={months}")
            for suffix in (XLSX, CSV)
        ],
        "spans": spans(months, reverse("reports:learning")),
    }
    return render(request, "reports/learning.html", context)


@require_safe
@for_staff
def lesson(request: SignedInRequest, pk: int) -> HttpResponse:
    months = asked_months(request)
    page: LessonPage = get_object_or_404(LessonPage.objects.live(), pk=pk)
    since = months_ago(months - 1)
    figures = figures_of_lesson(page, months=months)
    film = film_table(figures)
    context = {
        "lesson": page,
        "table": lesson_table(figures),
        "film": film,
        "left": left_in_words(figures, film),
        "answers": answers_of(page, since=since),
        "presses": presses_in_words(page, since=since),
        "steps": steps_table(page, since=since),
        "about": period_of(months),
        "spans": spans(months, request.path),
        "up": f"{reverse('reports:learning')}?months={months}",
        "edits": request.user.is_office(),
    }
    return render(request, "reports/learning_lesson.html", context)


@require_safe
@for_staff
def lessons_file(request: SignedInRequest, suffix: str) -> HttpResponse:
    months = asked_months(request)
    if suffix not in CONTENT_TYPES:
        raise Http404
    table = lessons_table(figures_of_lessons(months=months), f"months={months}")
    head = Heading(
        title=_("学得怎样"),
        unit=_("所有的课"),
        period=period_of(months),
        words=[],
        made_at=timezone.now(),
    )
    content = write_csv(table) if suffix == CSV else write_xlsx(table, head)
    rows = len(table.rows)
    note_look(request.user, Looked.REPORT, rows=rows, about=head.title, taken=True)
    return as_download(content, file_name=f"{head.file_name}.{suffix}")


def period_of(months: int) -> str:
    return _("%(day)s以来") % {"day": months_ago(months - 1).isoformat()}


def spans(months: int, url: str) -> list[tuple[str, bool, str]]:
    """Label, whether it is shown, address."""
    return [(str(label), each == months, f"{url}?months={each}") for each, label in SPANS.items()]
