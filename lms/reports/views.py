"""A unit's overview and its reports: page, CSV and XLSX of the same table."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.choices import Subject
from lms.accounts.access import SignedInRequest, for_staff
from lms.classes.choices import ClassKind
from lms.people.choices import Looked
from lms.people.services.looks import note_look
from lms.reports.access import topmost_units, unit_seen
from lms.reports.attendance import attendance_of, figures_of_question, shows_sessions
from lms.reports.choices import Split
from lms.reports.files import Heading, write_csv, write_xlsx
from lms.reports.open_rolls import open_rolls_in_short
from lms.reports.overview import headlines, months_table
from lms.reports.question import Question, read_question
from lms.reports.registry import REPORTS, Report, report_named
from lms.reports.standing_out.report import standing_out_in_short
from lms.statistics.choices import PeriodKind, Tree
from lms.statistics.periods import Period
from lms.tables import CONTENT_TYPES, CSV, XLSX, as_download
from lms.units.choices import Level
from lms.units.models import Unit
from lms.units.queries import trails_of

#: Of fewer the figures would stand far apart on a wide screen.
FEW_COLUMNS = 7


@require_safe
@for_staff
def my_units(request: HttpRequest) -> HttpResponse:
    """Straight to the one unit that is the user's; a list of them for who has several."""
    units = topmost_units(request.user)
    if len(units) == 1:
        return redirect("reports:unit", units[0].code)
    trails = trails_of(units)
    context = {"units": [(unit, trails[unit.path]) for unit in units]}
    return render(request, "reports/units.html", context)


@require_safe
@for_staff
def unit_page(request: HttpRequest, code: str) -> HttpResponse:
    """The unit at a glance, and the way down to each below it; of a village, to its sessions."""
    seen = unit_seen(request.user, code)
    question = asked(request, seen.unit).but(split=Split.NONE)
    whole = figures_of_question(question)
    context = {
        "headlines": headlines(question, whole),
        "months": months_table(question),
        "table": attendance_of(question, whole),
        "shows_sessions": shows_sessions(seen.unit),
        "open_rolls": None if shows_sessions(seen.unit) else open_rolls_in_short(question),
        "open_rolls_url": report_url("open-rolls", question),
        "stands_out": standing_out_in_short(question) if is_small(seen.unit) else None,
        "stands_out_url": report_url("standing-out", question),
        "sieved": True,
        **controls(question, reverse("reports:unit", args=[code])),
        "has_trees": not shows_sessions(seen.unit),
        "above": seen.above,
    }
    return render(request, "reports/unit.html", context)


@require_safe
@for_staff
def report_page(request: HttpRequest, code: str, name: str) -> HttpResponse:
    seen = unit_seen(request.user, code)
    report = report_or_404(name)
    question = asked_of(report, request, seen.unit)
    title, about, made = heading(report, question).lines
    table = report.table(question)
    context = {
        "report": report,
        "table": table,
        "has_chart": bool(report.bars) and len(table.rows) > 1,
        "sieved": report.sieves,
        "few": len(table.columns) < FEW_COLUMNS,
        "about": about,
        "made": made,
        "on_paper": f"{title} · {about} · {made}",
        "files": [
            (suffix.upper(), file_url(report.name, suffix, question)) for suffix in (XLSX, CSV)
        ],
        **controls(question, reverse("reports:report", args=[code, name])),
        "has_trees": has_trees(report, seen.unit),
        "splits": Split.choices if report.splits else [],
        "above": [*seen.above, seen.unit],
    }
    return render(request, "reports/report.html", context)


@require_safe
@for_staff
def report_file(request: SignedInRequest, code: str, name: str, suffix: str) -> HttpResponse:
    seen = unit_seen(request.user, code)
    report = report_or_404(name)
    if suffix not in CONTENT_TYPES:
        raise Http404
    question = asked_of(report, request, seen.unit)
    table = report.table(question)
    head = heading(report, question)
    content = write_csv(table) if suffix == CSV else write_xlsx(table, head)
    note_look(
        request.user,
        Looked.REPORT,
        rows=len(table.rows),
        unit=question.unit,
        about=head.title,
        taken=True,
    )
    return as_download(content, file_name=f"{head.file_name}.{suffix}")


def asked(request: HttpRequest, unit: Unit) -> Question:
    try:
        return read_question(unit, request.GET.dict())
    except ValueError as reason:
        raise Http404 from reason


def asked_of(report: Report, request: HttpRequest, unit: Unit) -> Question:
    """Without what the report does not heed, or its heading would say what its figures are not."""
    question = asked(request, unit)
    return question if report.sieves else question.but(kind=None, subject=None)


def report_or_404(name: str) -> Report:
    report = report_named(name)
    if report is None:
        raise Http404
    return report


def heading(report: Report, question: Question) -> Heading:
    tree = [str(question.tree.label)] if has_trees(report, question.unit) else []
    return Heading(
        title=str(report.title),
        unit=question.unit.name,
        period=question.period.label,
        words=[*question.words, *tree],
        made_at=timezone.now(),
    )


def is_small(unit: Unit) -> bool:
    """A street or a village, whose every session may be looked at for a page that opens at once."""
    return unit.level in (Level.STREET, Level.VILLAGE)


def has_trees(report: Report, unit: Unit) -> bool:
    """Whether it matters where units stood: not at a village, which has none below."""
    return report.has_trees and not shows_sessions(unit)


def report_url(name: str, question: Question) -> str:
    return f"{reverse('reports:report', args=[question.unit.code, name])}?{question.query}"


def file_url(name: str, suffix: str, question: Question) -> str:
    url = reverse("reports:file", args=[question.unit.code, name, suffix])
    return f"{url}?{question.query}"


def controls(question: Question, url: str) -> dict[str, Any]:
    """What every page of figures has above them: where one is, the period, what is left out."""
    period = question.period
    #: The day that stays in sight when another kind of period is chosen.
    day = min(max(timezone.localdate(), period.starts_on), period.ends_on)

    def to(other: Period) -> str:
        return f"{url}?{question.but(period=other).query}"

    return {
        "unit": question.unit,
        "question": question,
        "url": url,
        "earlier": (period.previous.label, to(period.previous)),
        "later": (period.next.label, to(period.next)),
        "period_kinds": [
            (kind.label, kind == period.kind, to(Period.of(kind, day))) for kind in PeriodKind
        ],
        "kinds": ClassKind.choices,
        "subjects": Subject.choices,
        "trees": Tree.choices,
        "reports": [
            (report, report_url(report.name, question.but(split=Split.NONE))) for report in REPORTS
        ],
    }
