"""Lists of learners as spreadsheets: sent, looked at row by row, imported, taken back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.classes.models import ClassGroup
from lms.classes.queries import administered_villages
from lms.classes.views.access import class_kept
from lms.classes.views.classes import villages_to_choose
from lms.people.choices import Looked
from lms.people.services.looks import note_look
from lms.rosters.choices import RosterState, RosterVerdict
from lms.rosters.forms import RosterForm
from lms.rosters.learners.queries import GROUPS, Imported, lines_of, plan_of, rosters_of
from lms.rosters.learners.reading import (
    COLUMNS,
    HEADINGS,
    WHY_NOT,
    RosterRow,
    read_roster,
    template_rows,
)
from lms.rosters.learners.services import (
    RosterRefused,
    Undone,
    answer_rows,
    answer_the_rest,
    confirm_roster,
    drop_roster,
    preview_roster,
    rows_of,
    undo_roster,
)
from lms.rosters.models import RosterImport
from lms.rosters.spreadsheets import MAX_FILE_MIB, SpreadsheetRefused, read_spreadsheet, too_big
from lms.tables import CSV, Column, Shape, Sheet, as_download, write_csv, write_xlsx
from lms.units.models import Unit
from lms.units.queries import trails_of

ROWS_A_PAGE = 100


# --- Sending a list ---------------------------------------------------------------------------


@require_safe
@for_staff
def choose_village(request: SignedInRequest) -> HttpResponse:
    """Where to register a list of learners who are in no class yet, by code or name."""
    context = {
        **villages_to_choose(request, administered_villages(request.user)),
        "target": "rosters:send_to",
    }
    return render(request, "rosters/learners/villages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def class_roster(request: SignedInRequest, pk: int) -> HttpResponse:
    class_group = class_kept(request.user, pk)
    return _roster_page(request, class_group.unit, class_group)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def village_roster(request: SignedInRequest, code: str) -> HttpResponse:
    unit: Unit = get_object_or_404(administered_villages(request.user), code=code)
    return _roster_page(request, unit, None)


def _roster_page(
    request: SignedInRequest, unit: Unit, class_group: ClassGroup | None
) -> HttpResponse:
    form = RosterForm()
    if request.method == "POST":
        form = RosterForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                roster = _read(request, form, unit, class_group)
            except SpreadsheetRefused as reason:
                form.add_error("file", str(reason))
            else:
                return redirect("rosters:preview", pk=roster.pk)
    mine = RosterImport.objects.of(request.user).filter(state=RosterState.PREVIEW)
    sent = rosters_of(request.user, unit=unit, class_group=class_group)
    note_stayed(request.user, sent, unit=unit)
    context = {
        "form": form,
        "unit": unit,
        "trail": trails_of([unit])[unit.path],
        "class_group": class_group,
        "waiting": mine.filter(class_group=class_group, unit=unit),
        "rosters": sent,
        "may_name_villages": administered_villages(request.user).exists(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "rosters/learners/send.html", context, status=status)


def _read(
    request: SignedInRequest, form: RosterForm, unit: Unit, class_group: ClassGroup | None
) -> RosterImport:
    file = form.cleaned_data["file"]
    if file.size > MAX_FILE_MIB * 2**20:
        raise too_big()
    sheet = read_spreadsheet(file.read(), file_name=file.name)
    return preview_roster(
        read_roster(sheet),
        unit=unit,
        class_group=class_group,
        file_name=file.name,
        uploaded_by=request.user,
    )


@require_safe
@for_staff
def template(request: SignedInRequest, ending: str) -> HttpResponse:
    """An empty list with its headings and a row that shows how."""
    return template_file(template_rows(), ending, name=_("名单模板"))


def template_file(rows: list[list[str]], ending: str, *, name: str) -> HttpResponse:
    """Headings and an example, as CSV or, with any other ending, as XLSX; its cells are text."""
    headings, example = rows
    columns = columns_of_text(headings)
    if ending == CSV:
        return as_download(write_csv(columns, [example]), file_name=f"{name}.csv")
    sheet = Sheet(title=_("名单"), columns=columns, rows=[], examples=[example])
    return as_download(write_xlsx(sheet), file_name=f"{name}.xlsx")


def columns_of_text(headings: Sequence[str]) -> list[Column]:
    return [Column(heading, heading, Shape.DIGITS) for heading in headings]


# --- Looking at it ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """What importing would do, row by row; later, what it did."""
    roster = _sent_by(request.user, pk)
    if request.method == "POST":
        return _answer(request, roster)
    rows = rows_of(roster)
    groups = [
        (group, label, sum(of_group(row) for row in rows)) for group, label, of_group in GROUPS
    ]
    show = _group_shown(request.GET.get("show", ""), roster, groups)
    shown = next(of_group for group, _label, of_group in GROUPS if group == show)
    page = Paginator(list(filter(shown, rows)), ROWS_A_PAGE).get_page(request.GET.get("p"))
    context: dict[str, Any] = {
        "roster": roster,
        "class_group": roster.class_group,
        "unit": roster.unit,
        "home": _home(roster),
        "groups": groups,
        "show": show,
        "page": page,
        "lines": lines_of(list(page.object_list), roster),
        "changed": sum(row.changed for row in rows),
        **_what_it_would_do(rows, roster),
    }
    note_list(request.user, roster, rows=len(page))
    if roster.state == RosterState.PREVIEW:
        return render(request, "rosters/learners/preview.html", context)
    sent = rosters_of(request.user, unit=roster.unit, class_group=roster.class_group)
    note_stayed(request.user, sent, unit=roster.unit)
    context["rosters"] = sent
    return render(request, "rosters/learners/done.html", context)


def _group_shown(
    asked: str, roster: RosterImport, groups: Sequence[tuple[str, str | Promise, int]]
) -> str:
    """The group of rows that was asked for, else the first that holds anything to look at."""
    if roster.state != RosterState.PREVIEW:
        return "all"
    if asked in [group for group, _label, _count in groups]:
        return asked
    return next((group for group, _label, count in groups if count and group != "new"), "all")


def _what_it_would_do(rows: Sequence[RosterRow], roster: RosterImport) -> dict[str, Any]:
    plan = plan_of(rows, roster.class_group)
    return {
        "plan": plan,
        "coming": len(plan.register) + len(plan.enrol),
        "waiting": plan.waiting(roster.places),
        "unanswered": sum(row.verdict == RosterVerdict.MAYBE for row in plan.left_out),
        "bad": sum(row.verdict == RosterVerdict.BAD for row in plan.left_out),
    }


def note_list(user: User, roster: RosterImport, *, rows: int, taken: bool = False) -> None:
    """That the user sees rows of a list of learners."""
    note_look(user, Looked.LIST, rows=rows, unit=roster.unit, about=roster.file_name, taken=taken)


def note_stayed(user: User, sent: Sequence[Imported], *, unit: Unit) -> None:
    """That the user sees whom undoing a list left where they are."""
    rows = sum(len(each.stays) for each in sent)
    note_look(user, Looked.LIST, rows=rows, unit=unit, about=_("撤销后留下的"))


def _sent_by(user: User, pk: int) -> RosterImport:
    rosters = RosterImport.objects.of(user).select_related("unit", "class_group__unit")
    return get_object_or_404(rosters, pk=pk)


def _home(roster: RosterImport) -> str:
    """The page where the list was sent."""
    if roster.class_group_id is not None:
        return reverse("rosters:send", kwargs={"pk": roster.class_group_id})
    return reverse("rosters:send_to", kwargs={"code": roster.unit.code})


def _answer(request: SignedInRequest, roster: RosterImport) -> HttpResponse:
    do = request.POST.get("do", "")
    if do == "drop":
        drop_roster(roster)
        messages.success(request, _("名单扔掉了，谁也没有登记。"))
        return redirect(_home(roster))
    here = reverse("rosters:preview", kwargs={"pk": roster.pk})
    query = {name: request.GET[name] for name in ("show", "p") if name in request.GET}
    try:
        roster = answer_rows(roster, _answers(request))
        if do in ("all_same", "all_other"):
            answer_the_rest(roster, same=do == "all_same")
        elif do == "next":
            query["p"] = request.POST.get("next_page", "")
        elif do == "import":
            query = {}
            if changed := confirm_roster(roster, confirmed_by=request.user):
                messages.error(
                    request,
                    _(
                        "还没有导入：您看预览以后，有%(count)d处变了，也许有人登记了同一个人，"
                        "或者班里的空位变了。请再看一遍，再导入。"
                    )
                    % {"count": changed},
                )
    except RosterRefused as reason:
        messages.error(request, str(reason))
    return redirect(f"{here}?{urlencode(query)}" if query else here)


def _answers(request: SignedInRequest) -> dict[int, str]:
    """By line."""
    return {
        int(line): choice
        for name, choice in request.POST.dict().items()
        if isinstance(choice, str)
        and (line := name.removeprefix("row-")) != name
        and line.isascii()
        and line.isdigit()
    }


@require_safe
@for_staff
def left_out(request: SignedInRequest, pk: int) -> HttpResponse:
    """The rows that are not imported, as they were written, with what is wrong: to be mended and
    sent again."""
    roster = _sent_by(request.user, pk)
    columns = columns_of_text([*(HEADINGS[column][0] for column in COLUMNS), WHY_NOT])
    rows = []
    for row in plan_of(rows_of(roster), roster.class_group).left_out:
        written = row.written or row.as_written()
        why = "；".join(row.problems) or _("没有选是不是同一个人。")
        rows.append([*(written.get(column, "") for column in COLUMNS), why])
    note_list(request.user, roster, rows=len(rows), taken=True)
    return as_download(write_csv(columns, rows), file_name=_("没有导入的行.csv"))


# --- Taking it back ---------------------------------------------------------------------------


@require_POST
@for_staff
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    rosters = RosterImport.objects.undoable_by(request.user).select_related("unit", "class_group")
    roster = get_object_or_404(rosters, pk=pk)
    try:
        undone = undo_roster(roster, undone_by=request.user)
    except RosterRefused as reason:
        messages.error(request, str(reason))
    else:
        _tell_undone(request, roster, undone)
    return redirect(_home(roster))


def _tell_undone(request: SignedInRequest, roster: RosterImport, undone: Undone) -> None:
    said = _("撤销了“%(file)s”的导入：从名册删去%(removed)d人") % {
        "file": roster.file_name,
        "removed": undone.removed,
    }
    if roster.class_group_id is not None:
        said += _("，退出班级%(out)d人") % {"out": undone.taken_out}
    if undone.stays:
        said += _("；有%(stays)d人留下，下面写了是谁、为什么") % {"stays": undone.stays}
    messages.success(request, said + "。")
    if undone.moved_up:
        names = "、".join(enrolment.learner.name for enrolment in undone.moved_up)
        messages.info(request, _("从排队转为在班：%(names)s。") % {"names": names})
