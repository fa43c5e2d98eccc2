"""The ledger as a list, as a timetable, and as the office's table."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.ledger.choices import ImportState
from lms.ledger.forms import SearchForm
from lms.ledger.measuring import measured_of
from lms.ledger.models import LedgerImport, Measure, Pressing
from lms.ledger.queries import LedgerQuestion, escalated_to, measures_found
from lms.ledger.sheets.writing import ledger_xlsx, our_layout
from lms.ledger.starter import guangzhou_plan
from lms.ledger.views.access import first_unit, sees_a_ledger
from lms.people.models import supervised_by
from lms.people.queries import administered_units
from lms.tables import as_download
from lms.units.choices import Level
from lms.units.models import Unit, UnitQuerySet

ROWS_A_PAGE = 40
BARS_SHOWN = 60


@require_safe
@for_staff
def ledger(request: SignedInRequest) -> HttpResponse:
    user = request.user
    form, question = _asked(request)
    found = measures_found(user, question)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("p"))
    rows = list(page.object_list)
    measured = measured_of(rows)
    pressed = set(
        Pressing.objects.open().filter(measure__in=rows).values_list("measure", flat=True)
    )
    kept = request.GET.copy()
    kept.pop("p", None)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, measured.get(row.pk), row.pk in pressed) for row in rows],
        "count": page.paginator.count,
        "query": kept.urlencode(),
        "several_units": len({row.unit_id for row in rows}) > 1,
        "escalated": escalated_to(user),
        "writes": administered_units(user).exists(),
        "starter_for": _starter_for(user),
        "asked_something": question != LedgerQuestion(),
    }
    return render(request, "ledger/list.html", context)


def _asked(request: SignedInRequest) -> tuple[SearchForm, LedgerQuestion]:
    """Raises Http404 for whoever has nothing to do with any ledger."""
    if not sees_a_ledger(request.user):
        raise Http404
    form = SearchForm(request.GET, units=_units_seen(request.user))
    if not form.is_valid():
        return form, LedgerQuestion()
    said = form.cleaned_data
    question = LedgerQuestion(
        said.get("unit"), said["standing"], said["q"].strip(), said["pressed"]
    )
    return form, question


def _units_seen(user: User) -> UnitQuerySet | None:
    """None where the user sees own rows only."""
    if first_unit(user) is None:
        return None
    units: UnitQuerySet = Unit.objects.open().filter(supervised_by(user))
    return units


def _starter_for(user: User) -> Unit | None:
    """The city of the user's that has none of the thirty-four measures yet; None: there is none."""
    cities = administered_units(user).filter(level=Level.CITY)
    document = guangzhou_plan().document
    led = Measure.objects.there().filter(clause__startswith=document)
    city: Unit | None = cities.exclude(pk__in=led.values("unit")).first()
    return city


@require_safe
@for_staff
def timetable(request: SignedInRequest) -> HttpResponse:
    """What falls due when, as bars and as a table; what is closed is left out unless it is asked
    for."""
    form, question = _asked(request)
    found = measures_found(request.user, question).filter(due_on__isnull=False)
    if not question.standing:
        found = found.open()
    rows = list(found.order_by("due_on", "pk")[: BARS_SHOWN + 1])
    without = measures_found(request.user, question).open().filter(due_on__isnull=True).count()
    context: dict[str, Any] = {
        "form": form,
        "rows": rows[:BARS_SHOWN],
        "has_more": len(rows) > BARS_SHOWN,
        "shown": BARS_SHOWN,
        "without": without,
        "today": timezone.localdate(),
        "query": request.GET.urlencode(),
    }
    return render(request, "ledger/timetable.html", context)


@require_safe
@for_staff
def table_file(request: SignedInRequest) -> HttpResponse:
    """Of the unit that is asked for, else of the user's own: in the layout of the table that came
    in last."""
    _form, question = _asked(request)
    unit = question.unit or first_unit(request.user)
    rows = list(measures_found(request.user, question))
    came = LedgerImport.objects.filter(unit=unit, state=ImportState.DONE).first() if unit else None
    content = ledger_xlsx(rows, came.layout if came else our_layout())
    name = _("工作台账-%(unit)s-%(day)s") % {
        "unit": unit.name if unit else request.user.shown_name(),
        "day": timezone.localdate().isoformat(),
    }
    return as_download(content, file_name=f"{name}.xlsx")
