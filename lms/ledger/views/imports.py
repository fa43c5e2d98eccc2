"""An office's table: sent, looked at row by row, imported, taken back."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.access import SignedInRequest, for_staff
from lms.ledger.choices import ImportState, RowVerdict
from lms.ledger.forms import TableForm
from lms.ledger.models import LedgerImport
from lms.ledger.services.imports import (
    confirm_table,
    drop_table,
    preview_table,
    rows_of,
    undo_table,
)
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.sheets.cells import kept_value, text_of
from lms.ledger.sheets.reading import LedgerRow, read_ledger
from lms.ledger.views.access import first_unit, units_written
from lms.ledger.words import called
from lms.rosters.spreadsheets import MAX_FILE_MIB, SpreadsheetRefused, read_spreadsheet, too_big
from lms.units.models import Unit

ROWS_A_PAGE = 100
TABLES_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def send(request: SignedInRequest) -> HttpResponse:
    units = units_written(request.user)
    own = first_unit(request.user)
    form = TableForm(units=units, initial={"unit": own})
    if request.method == "POST":
        form = TableForm(request.POST, request.FILES, units=units)
        if form.is_valid():
            try:
                sent = _read(request, form.cleaned_data["unit"], form.cleaned_data["file"])
            except SpreadsheetRefused as reason:
                form.add_error("file", str(reason))
            else:
                return redirect("ledger:preview", sent.pk)
    mine = LedgerImport.objects.of(request.user).select_related("unit")
    done = LedgerImport.objects.undoable_by(request.user).select_related("unit", "sent_by")
    context = {
        "form": form,
        "waiting": mine.filter(state=ImportState.PREVIEW),
        "done": done[:TABLES_SHOWN],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "ledger/send.html", context, status=status)


def _read(request: SignedInRequest, unit: Unit, file: Any) -> LedgerImport:
    if file.size > MAX_FILE_MIB * 2**20:
        raise too_big()
    sheet = read_spreadsheet(file.read(), file_name=file.name)
    return preview_table(read_ledger(sheet), unit=unit, file_name=file.name, sent_by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """What importing would do, row by row."""
    mine = LedgerImport.objects.of(request.user).filter(state=ImportState.PREVIEW)
    sent = get_object_or_404(mine.select_related("unit"), pk=pk)
    if request.method == "POST":
        return _answer(request, sent)
    rows = rows_of(sent)
    counts = Counter(row.verdict for row in rows)
    groups = [("all", _("全部"), len(rows))]
    groups += [(each.value, str(each.label), counts[each]) for each in RowVerdict]
    show = request.GET.get("show", "")
    if show not in {name for name, _label, count in groups if count}:
        show = RowVerdict.BAD if counts[RowVerdict.BAD] else "all"
    shown = [row for row in rows if show in ("all", row.verdict)]
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "sent": sent,
        "groups": groups,
        "show": show,
        "page": page,
        "lines": [_line(row) for row in page.object_list],
        "counts": {each.value: counts[each] for each in RowVerdict},
        "coming": len(rows) - counts[RowVerdict.BAD],
        "differing": sum(row.differs for row in rows),
        "query": f"show={show}",
    }
    return render(request, "ledger/preview.html", context)


def _line(row: LedgerRow) -> dict[str, Any]:
    def cell(key: str) -> str:
        return text_of(kept_value(row.cells.get(key)))

    return {
        "row": row,
        "label": RowVerdict(row.verdict).label,
        "number": cell("number"),
        "clause": cell("clause"),
        "task": cell("task"),
        "changes": [(called(name), was, now) for name, was, now in row.changes],
    }


def _answer(request: SignedInRequest, sent: LedgerImport) -> HttpResponse:
    if request.POST.get("do") == "drop":
        drop_table(sent)
        messages.info(request, _("这份表格不要了，台账没有动。"))
        return redirect("ledger:send")
    try:
        differing = confirm_table(sent, by=request.user)
    except LedgerRefused as reason:
        messages.error(request, str(reason))
        return redirect("ledger:send")
    if differing:
        messages.error(
            request,
            _("您看过以后有%(count)d行变了，也许有人刚改过。请再看一遍，再导入。")
            % {"count": differing},
        )
        return redirect("ledger:preview", sent.pk)
    sent.refresh_from_db()
    messages.success(
        request,
        _("导入好了：新添%(made)d条，改动%(changed)d条。")
        % {"made": sent.made, "changed": sent.changed},
    )
    return redirect("ledger:list")


@require_POST
@for_staff
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    sent = get_object_or_404(LedgerImport.objects.undoable_by(request.user), pk=pk)
    try:
        stays = undo_table(sent, by=request.user)
    except LedgerRefused as reason:
        messages.error(request, str(reason))
        return redirect("ledger:send")
    said = _("撤销了“%(file)s”的导入。") % {"file": sent.file_name}
    if stays:
        names = "、".join(measure.name for measure in stays[:5])
        said += _("有%(count)d条后来又有人改过，留着没有动：%(names)s。") % {
            "count": len(stays),
            "names": names,
        }
    messages.success(request, said)
    return redirect("ledger:send")
