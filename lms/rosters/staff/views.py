"""Lists of staff as spreadsheets: sent, looked at row by row, imported, taken back; and the slips
of those whom an import brought."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.paper import PaperNotReady
from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.accounts.sms import sms_gateway
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.people.queries import administered_units, why_not_reset
from lms.people.services.errors import PersonRefused
from lms.people.services.slips import issue_slips, without_own_password
from lms.people.slip_paper import slips_pdf
from lms.rosters.choices import STAFF_TO_APPOINT, RosterState, StaffVerdict
from lms.rosters.forms import RosterForm
from lms.rosters.learners.reading import WHY_NOT
from lms.rosters.learners.services import RosterRefused
from lms.rosters.learners.views import columns_of_text, template_file
from lms.rosters.models import StaffImport
from lms.rosters.spreadsheets import MAX_FILE_MIB, SpreadsheetRefused, read_spreadsheet, too_big
from lms.rosters.staff.reading import (
    STAFF_COLUMNS,
    STAFF_HEADINGS,
    StaffRow,
    read_staff,
    staff_template_rows,
)
from lms.rosters.staff.services import (
    confirm_staff,
    drop_staff,
    preview_staff,
    staff_rows_of,
    undo_staff,
)
from lms.tables import as_download, write_csv
from lms.units.models import Unit

ROWS_A_PAGE = 100
IMPORTS_SHOWN = 20
SLIPS_A_PRINT = 400  # a minute's layout


def _require_officer(user: User) -> None:
    if not administered_units(user).exists():
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def send(request: SignedInRequest) -> HttpResponse:
    _require_officer(request.user)
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if form.is_bound and form.is_valid():
        try:
            roster = _read(request, form)
        except SpreadsheetRefused as reason:
            form.add_error("file", str(reason))
        else:
            return redirect("staff_lists:preview", pk=roster.pk)
    context = {
        "form": form,
        "rosters": StaffImport.objects.of(request.user).defer("rows", "notes")[:IMPORTS_SHOWN],
        "roles": "、".join(str(label) for label in Role.labels),
    }
    status = 422 if form.is_bound else 200
    return render(request, "rosters/staff/send.html", context, status=status)


def _read(request: SignedInRequest, form: RosterForm) -> StaffImport:
    file = form.cleaned_data["file"]
    if file.size > MAX_FILE_MIB * 2**20:
        raise too_big()
    rows, notes = read_staff(read_spreadsheet(file.read(), file_name=file.name))
    return preview_staff(rows, notes, file_name=file.name, uploaded_by=request.user)


@require_safe
@for_staff
def template(request: SignedInRequest, ending: str) -> HttpResponse:
    """An empty list with its headings and a row that shows how."""
    return template_file(staff_template_rows(), ending, name=_("人员模板"))


# --- Looking at it ----------------------------------------------------------------------------


def _sent_by(user: User, pk: int) -> StaffImport:
    return get_object_or_404(StaffImport.objects.of(user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """What importing would do, row by row; later, what it did."""
    roster = _sent_by(request.user, pk)
    if request.method == "POST":
        return _answer(request, roster)
    if roster.state != RosterState.PREVIEW:
        return _done(request, roster)
    rows = staff_rows_of(roster)
    groups = [
        (verdict.value, verdict.label, sum(row.verdict == verdict for row in rows))
        for verdict in (StaffVerdict.BAD, *[v for v in StaffVerdict if v != StaffVerdict.BAD])
    ]
    asked = request.GET.get("show", "")
    show = asked if asked in StaffVerdict.values else next(g for g, _label, n in groups if n)
    page = Paginator([row for row in rows if row.verdict == show], ROWS_A_PAGE).get_page(
        request.GET.get("p")
    )
    context = {
        "roster": roster,
        "groups": groups,
        "show": show,
        "page": page,
        "lines": _lines(list(page.object_list)),
        "query": f"show={show}",
        "counts": {verdict: count for verdict, _label, count in groups},
        "coming": sum(row.verdict in STAFF_TO_APPOINT for row in rows),
        "changed": sum(row.changed for row in rows),
    }
    return render(request, "rosters/staff/preview.html", context)


def _lines(rows: list[StaffRow]) -> list[dict[str, Any]]:
    """Each with its unit and what importing it would do, in words. One query."""
    units = Unit.objects.in_bulk({row.unit for row in rows if row.unit is not None})
    return [
        {
            "row": row,
            "unit": units.get(row.unit or 0),
            "role": Role(row.role).label if row.role else row.written.get("role", ""),
            "does": _what_it_does(row),
        }
        for row in rows
    ]


def _what_it_does(row: StaffRow) -> str:
    match row.verdict:
        case StaffVerdict.NEW if row.telephone:
            return _("开账号、办任职，用手机号登录")
        case StaffVerdict.NEW:
            return _("开账号、办任职，用登录条登录")
        case StaffVerdict.KNOWN:
            return _("已有账号，加上这项任职")
        case StaffVerdict.HAS_ROLE:
            return _("已经在任，不用动。同名的另一位，请写上手机号")
        case StaffVerdict.DOUBLE:
            return _("和第%(line)d行一样，只办一次") % {"line": row.twin or 0}
    return "；".join(row.why)


def _answer(request: SignedInRequest, roster: StaffImport) -> HttpResponse:
    if request.POST.get("do") == "drop":
        drop_staff(roster)
        messages.success(request, _("名单扔掉了，谁的任职也没有动。"))
        return redirect("staff_lists:send")
    try:
        if changed := confirm_staff(roster, confirmed_by=request.user):
            messages.error(
                request,
                _("还没有导入：您看预览以后，有%(count)d行变了。请再看一遍，再导入。")
                % {"count": changed},
            )
    except RosterRefused as reason:
        messages.error(request, str(reason))
    return redirect("staff_lists:preview", pk=roster.pk)


@require_safe
@for_staff
def left_out(request: SignedInRequest, pk: int) -> HttpResponse:
    """The rows that are not imported, as they were written, with what is wrong."""
    roster = _sent_by(request.user, pk)
    columns = columns_of_text([*(STAFF_HEADINGS[column][0] for column in STAFF_COLUMNS), WHY_NOT])
    rows = []
    for row in staff_rows_of(roster):
        if row.verdict == StaffVerdict.BAD:
            written = [row.written.get(column, "") for column in STAFF_COLUMNS]
            rows.append([*written, "；".join(row.why)])
    return as_download(write_csv(columns, rows), file_name=_("没有导入的行.csv"))


# --- Done -------------------------------------------------------------------------------------


def _done(request: SignedInRequest, roster: StaffImport) -> HttpResponse:
    people = _who_came(roster, request.user)
    without = [person for person in people if not person.telephone]
    entries = roster.entries.visible_to(request.user)
    context = {
        "roster": roster,
        "entries": entries.select_related("assignment__person", "assignment__unit")[:ROWS_A_PAGE],
        "given": entries.count(),
        "accounts": len(people),
        "parts": _parts(len(people)),
        "parts_without": _parts(len(without)),
        "without": len(without),
        "sends_codes": sms_gateway() is not None,
        "bad": len(roster.rows),
    }
    return render(request, "rosters/staff/done.html", context)


def _who_came(roster: StaffImport, user: User) -> list[User]:
    """Whose accounts were made by it and who still work where the user is an officer, by unit."""
    made = roster.entries.visible_to(user).filter(
        made_account=True, assignment__in=RoleAssignment.objects.not_over()
    )
    entries = made.select_related("assignment__person").order_by("assignment__unit__path", "line")
    return [entry.assignment.person for entry in entries]


def _parts(count: int) -> list[tuple[int, int, int]]:
    """So many as one print takes: number of the part, from 0, first and last, from 1."""
    return [
        (part, start + 1, min(start + SLIPS_A_PRINT, count))
        for part, start in enumerate(range(0, count, SLIPS_A_PRINT))
    ]


@require_POST
@for_staff
def slips(request: SignedInRequest, pk: int) -> HttpResponse:
    """A PDF: the only time that the passwords on it are seen. Who has chosen a password already is
    left out."""
    roster = get_object_or_404(StaffImport.objects.of(request.user), pk=pk, state=RosterState.DONE)
    people = _who_came(roster, request.user)
    if request.POST.get("who") == "without":
        people = [person for person in people if not person.telephone]
    part = request.POST.get("part", "0")
    start = int(part) * SLIPS_A_PRINT if part.isascii() and part.isdigit() else 0
    some = people[start : start + SLIPS_A_PRINT]
    refused = why_not_reset(request.user, some)
    some = without_own_password([person for person in some if person.pk not in refused])
    if not some:
        messages.error(request, _("没有要打印的登录条：他们都已经换成自己的密码了。"))
        return redirect("staff_lists:preview", pk=pk)
    try:
        printed = slips_pdf(issue_slips(some, reason=_("第一次登录"), by=request.user))
    except (PersonRefused, PaperNotReady) as reason:
        messages.error(request, str(reason))
        return redirect("staff_lists:preview", pk=pk)
    name = f"slips-{timezone.localdate():%Y%m%d}-{start + 1}.pdf"
    return HttpResponse(
        printed,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@require_POST
@for_staff
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(StaffImport.objects.of(request.user), pk=pk)
    try:
        undone = undo_staff(roster, undone_by=request.user)
    except RosterRefused as reason:
        messages.error(request, str(reason))
    else:
        said = _("撤销了“%(file)s”的导入：结束了%(ended)d项任职") % {
            "file": roster.file_name,
            "ended": undone.ended,
        }
        if undone.stays:
            said += _("；%(stays)d项留下，下面写了是谁、为什么") % {"stays": undone.stays}
        messages.success(request, said + "。")
    return redirect("staff_lists:preview", pk=pk)
