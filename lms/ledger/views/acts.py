"""What is done to a row beside changing its words: closed, pressed, answered, shown by evidence."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.plain_forms import PlainForm
from lms.ledger.choices import EvidenceKind
from lms.ledger.evidence_files import DOCUMENTS, EvidenceRefused, check_file
from lms.ledger.forms import AnswerForm, EvidenceForm, PressForm, ReasonForm
from lms.ledger.models import Evidence, Measure
from lms.ledger.services.evidence import add_file, add_link, take_back_evidence
from lms.ledger.services.pressing import answer_pressing, press_measure
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.services.rows import close_measure, reopen_measure, take_away_measure
from lms.ledger.views.access import measure_advanced, measure_edited, measure_seen
from lms.ledger.views.rows import row_page


@require_POST
@for_staff
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_edited(request.user, pk)
    return _done(
        request,
        measure,
        lambda: close_measure(measure, by=request.user),
        _("办结了：%(task)s") % {"task": measure.name},
    )


@require_POST
@for_staff
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_edited(request.user, pk)
    form = ReasonForm(request.POST, auto_id="reopen_%s")
    if not form.is_valid():
        return row_page(request, measure, status=422, reopen_form=form)
    return _done(
        request,
        measure,
        lambda: reopen_measure(measure, why=form.cleaned_data["why"], by=request.user),
        _("重新打开了，又是没有办结的。"),
    )


@require_POST
@for_staff
def take_away(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_edited(request.user, pk)
    form = ReasonForm(request.POST, auto_id="away_%s")
    if not form.is_valid():
        return row_page(request, measure, status=422, take_away_form=form)
    try:
        take_away_measure(measure, why=form.cleaned_data["why"], by=request.user)
    except LedgerRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("撤下了：%(task)s") % {"task": measure.name})
    return redirect("ledger:list")


@require_POST
@for_staff
def press(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_edited(request.user, pk)
    form = PressForm(request.POST, auto_id="press_%s")
    if form.is_valid():
        try:
            press_measure(measure, **form.cleaned_data, by=request.user)
        except LedgerRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("督办了，等着答复。"))
            return redirect("ledger:row", pk)
    return row_page(request, measure, status=422, press_form=form)


@require_POST
@for_staff
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_advanced(request.user, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_pressing(measure, answer=form.cleaned_data["answer"], by=request.user)
        except LedgerRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("答复好了。"))
            return redirect("ledger:row", pk)
    return row_page(request, measure, status=422, answer_form=form)


# --- Evidence ---------------------------------------------------------------------------------


@require_POST
@for_staff
def add_evidence(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = measure_advanced(request.user, pk)
    form = EvidenceForm(request.POST, request.FILES, auto_id="evidence_%s")
    if form.is_valid() and _added(request, measure, form):
        messages.success(request, _("佐证添好了。"))
        return redirect("ledger:row", pk)
    return row_page(request, measure, status=422, evidence_form=form)


def _added(request: SignedInRequest, measure: Measure, form: PlainForm) -> bool:
    said: dict[str, Any] = form.cleaned_data
    try:
        if said.get("file"):
            file = check_file(said["file"])
            add_file(measure, file=file, title=said["title"], by=request.user)
        else:
            add_link(measure, link=said["link"], title=said["title"], by=request.user)
    except EvidenceRefused as reason:
        form.add_error("file", str(reason))
        return False
    except LedgerRefused as reason:
        form.add_error(None, str(reason))
        return False
    return True


@require_safe
@for_staff
def evidence_file(request: SignedInRequest, pk: int, piece: int) -> HttpResponse:
    """A photograph is shown; a document is a download, never opened by the browser here."""
    measure = measure_seen(request.user, pk)
    files = measure.evidence.there().exclude(kind=EvidenceKind.LINK)
    evidence = get_object_or_404(files, pk=piece)
    return _sent(evidence)


def _sent(evidence: Evidence) -> HttpResponse:
    with default_storage.open(evidence.file.name or "") as file:
        answer = HttpResponse(file.read())
    is_photo = evidence.kind == EvidenceKind.PHOTO
    kind = "image/png" if evidence.suffix == ".png" else "image/jpeg"
    answer["Content-Type"] = kind if is_photo else DOCUMENTS[evidence.suffix]
    name = f"{evidence.title}{evidence.suffix}"
    said = content_disposition_header(as_attachment=not is_photo, filename=name)
    answer["Content-Disposition"] = said or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@for_staff
def take_back(request: SignedInRequest, pk: int, piece: int) -> HttpResponse:
    """By who keeps the row, or who added it."""
    measure = measure_advanced(request.user, pk)
    evidence = get_object_or_404(measure.evidence.there(), pk=piece)
    if evidence.added_by_id != request.user.pk:
        measure = measure_edited(request.user, pk)
    return _done(
        request,
        measure,
        lambda: take_back_evidence(evidence, by=request.user),
        _("撤下了：%(title)s") % {"title": evidence.title},
    )


def _done(
    request: SignedInRequest, measure: Measure, act: Callable[[], None], said: str
) -> HttpResponse:
    """Do it and go back to the row, with what was done or why it was not."""
    try:
        act()
    except LedgerRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, said)
    return redirect("ledger:row", measure.pk)
