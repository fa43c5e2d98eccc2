"""One row: read, added, changed; and what is told when somebody else was first."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.ledger.forms import (
    AnswerForm,
    EvidenceForm,
    MeasureForm,
    PressForm,
    ProgressForm,
    ReasonForm,
    VersionedForm,
    initial_of,
)
from lms.ledger.measuring import measured_of
from lms.ledger.models import Measure
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.services.rows import Edited, RowChanged, edit_measure, make_measure
from lms.ledger.views.access import (
    first_unit,
    measure_advanced,
    measure_edited,
    measure_seen,
    units_written,
)
from lms.ledger.words import called, in_words
from lms.units.models import Unit
from lms.units.queries import trail_of

CHANGES_SHOWN = 200


@require_safe
@for_staff
def row(request: SignedInRequest, pk: int) -> HttpResponse:
    return row_page(request, measure_seen(request.user, pk))


def row_page(
    request: SignedInRequest, measure: Measure, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The row with all that may be done to it. `forms`: those that were filled in wrong."""
    user = request.user
    pressing = measure.pressings.open().select_related("pressed_by").first()
    may_edit = Measure.objects.editable_by(user).filter(pk=measure.pk).exists()
    may_advance = may_edit or Measure.objects.advanced_by(user).filter(pk=measure.pk).exists()
    context: dict[str, Any] = {
        "measure": measure,
        "trail": trail_of(measure.unit),
        "measured": measured_of([measure]).get(measure.pk),
        "evidence": measure.evidence.there().select_related("added_by"),
        "pressing": pressing,
        "went_up_to": _went_up_to(pressing.paths_reached) if pressing else "",
        "pressings": measure.pressings.exclude(answered_at=None).select_related(
            "pressed_by", "answered_by"
        ),
        "changes": [
            (change, called(change.field) if change.field else change.get_act_display())
            for change in measure.changes.select_related("by")[:CHANGES_SHOWN]
        ],
        "may_edit": may_edit,
        "may_advance": may_advance,
        "may_answer": bool(may_advance and pressing and pressing.pressed_by_id != user.pk),
        "progress_form": ProgressForm(initial=initial_of(ProgressForm, measure)),
        "evidence_form": EvidenceForm(auto_id="evidence_%s"),
        "press_form": PressForm(auto_id="press_%s"),
        "answer_form": AnswerForm(),
        "reopen_form": ReasonForm(auto_id="reopen_%s"),
        "take_away_form": ReasonForm(auto_id="away_%s"),
        **forms,
    }
    return render(request, "ledger/row.html", context, status=status)


def _went_up_to(paths: list[str]) -> str:
    """The nearest first."""
    names = dict(Unit.objects.filter(path__in=paths).values_list("path", "name"))
    return "、".join(names[path] for path in paths)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new(request: SignedInRequest) -> HttpResponse:
    units = units_written(request.user)
    own = first_unit(request.user)
    if request.method == "POST":
        form = MeasureForm(request.POST, units=units, unit=own)
        if form.is_valid():
            fields = form.fields_said()
            unit = fields.pop("unit")
            try:
                made = make_measure(unit=unit, fields=fields, by=request.user)
            except LedgerRefused as reason:
                form.add_error(None, str(reason))
            else:
                messages.success(request, _("添好了：%(task)s") % {"task": made.name})
                return redirect("ledger:row", made.pk)
    else:
        initial = {"version": 1, "unit": own}
        form = MeasureForm(units=units, unit=own, initial=initial)
    status = 422 if request.method == "POST" else 200
    return render(request, "ledger/edit.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_edited(request.user, pk)
    if request.method != "POST":
        form = MeasureForm(unit=measure.unit, initial=initial_of(MeasureForm, measure))
        return render(request, "ledger/edit.html", {"form": form, "measure": measure})
    form = MeasureForm(request.POST, unit=measure.unit)
    theirs: list[dict[str, str]] = []
    if form.is_valid():
        try:
            return _saved(request, measure, form)
        except RowChanged as clash:
            form = _again(clash, request.POST)
            theirs = _told(clash)
    context = {"form": form, "measure": measure, "theirs": theirs}
    return render(request, "ledger/edit.html", context, status=409 if theirs else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is, told by who has to do it."""
    measure = measure_advanced(request.user, pk)
    if request.method != "POST":
        return redirect("ledger:row", pk)
    form: VersionedForm = ProgressForm(request.POST)
    theirs: list[dict[str, str]] = []
    if form.is_valid():
        try:
            return _saved(request, measure, form)
        except RowChanged as clash:
            form = _again(clash, request.POST, kind=ProgressForm)
            theirs, measure = _told(clash), clash.measure
    status = 409 if theirs else 422
    return row_page(request, measure, status=status, progress_form=form, theirs=theirs)


def _saved(request: SignedInRequest, measure: Measure, form: VersionedForm) -> HttpResponse:
    """Raises RowChanged."""
    version = form.cleaned_data["version"]
    try:
        edited = edit_measure(measure, fields=form.fields_said(), version=version, by=request.user)
    except LedgerRefused as reason:
        messages.error(request, str(reason))
        return redirect("ledger:list")
    _tell(request, edited)
    return redirect("ledger:row", measure.pk)


def _tell(request: SignedInRequest, edited: Edited) -> None:
    if edited.others:
        names = "、".join(other.shown_name() for other in edited.others)
        messages.info(
            request, _("%(names)s刚才也改了这一条的别的地方，两边改的都在。") % {"names": names}
        )
    if edited.changed:
        fields = "、".join(called(name) for name in edited.changed)
        messages.success(request, _("改好了：%(fields)s。") % {"fields": fields})
    else:
        messages.info(request, _("没有改动。"))


def _again(clash: RowChanged, sent: QueryDict, kind: type[VersionedForm] = MeasureForm) -> Any:
    """What the user typed, over the row as it stands now: saved once more, the user's holds."""
    data = sent.copy()
    data["version"] = str(clash.measure.version)
    more = {"unit": clash.measure.unit} if kind is MeasureForm else {}
    fresh = kind(**more, initial=initial_of(kind, clash.measure))
    for name in fresh.fields:
        if name not in clash.mine and name in data:
            sent_as = fresh[name].value()
            data[name] = "" if sent_as is None else str(sent_as)
    return kind(data, **more)


def _told(clash: RowChanged) -> list[dict[str, str]]:
    return [
        {
            "field": called(name),
            "now": in_words(clash.measure, name) or "—",
            "who": change.by.shown_name(),
        }
        for name, change in clash.theirs.items()
    ]
