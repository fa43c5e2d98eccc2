"""The editor: one page with all parts of a draft, saved while one types.

Without JavaScript it is one form with buttons. The script sends the same field names, but only of
parts that changed, and asks for JSON.
"""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.manuals.editor.actions import ACTIONS, PICTURE
from lms.manuals.editor.draft_page import DraftPage, draft_page_of
from lms.manuals.editor.forms.parts import FORMS, PartForm
from lms.manuals.editor.parts import VERSION_KEY, EditedRow, rows_by_key
from lms.manuals.editor.permissions import MemberRequest, for_members, manual_of
from lms.manuals.editor.services.saving import save_parts
from lms.manuals.editor.services.undoing import recorded, undo
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.editor.views.edits import Edit, keep_pictures
from lms.manuals.models import DraftUndo, Manual, ManualVersion

WRITE_TEMPLATE = "manuals/editor/write.html"


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def write(request: MemberRequest, pk: int) -> HttpResponse:
    manual = manual_of(request, pk)
    draft = manual.versions.drafts().with_content().first()
    if draft is None:
        return _sealed(request, manual, _("这份说明书已经交了，现在不能改。"))
    if request.method != "POST":
        return render(request, WRITE_TEMPLATE, _context(draft, draft_page_of(draft)))
    try:
        edit = _apply_edit(request, draft)
    except VersionRefused as reason:
        return _sealed(request, manual, str(reason))
    draft = ManualVersion.objects.with_content().get(pk=draft.pk)
    if _wants_json(request):
        return _json_answer(request, draft, edit)
    return _page_answer(request, draft, edit)


def _sealed(request: HttpRequest, manual: Manual, words: str) -> HttpResponse:
    """The answer for a manual without a draft."""
    if _wants_json(request):
        return JsonResponse({"message": words}, status=409)
    return redirect("workbench:manual", manual.pk)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _context(draft: ManualVersion, page: DraftPage) -> dict[str, Any]:
    manual = draft.manual
    return {
        "manual": manual,
        "product": manual.product,
        "draft": draft,
        "draft_page": page,
        "undo": DraftUndo.objects.filter(version=draft).first(),
    }


# --- What is sent -----------------------------------------------------------------------------


def _apply_edit(request: MemberRequest, draft: ManualVersion) -> Edit:
    """Raises VersionRefused when it is no draft any more."""
    post, rows = request.POST, rows_by_key(draft)
    sent = [name.removesuffix("-seen") for name in post if name.endswith("-seen")]
    forms = {key: FORMS[type(rows[key])](post, prefix=key) for key in sent if key in rows}
    saved = save_parts(
        draft,
        changes={key: form.changes() for key, form in forms.items()},
        seen={key: post[f"{key}-seen"] for key in forms},
    )
    saved.gone += [key for key in sent if key not in rows]
    edit = Edit(forms, saved)
    if request.FILES:
        with recorded(draft, what=str(PICTURE), by=request.user):
            keep_pictures(request, rows, edit)
    _run_action(request, draft, rows, edit)
    return edit


def _run_action(
    request: MemberRequest, draft: ManualVersion, rows: Mapping[str, EditedRow], edit: Edit
) -> None:
    """Of a button's value (see ACTIONS). One that is not for its row does nothing."""
    name, _colon, rest = request.POST.get("do", "").partition(":")
    key, _colon, more = rest.partition(":")
    if name == "lines":
        more = request.POST.get(f"{key}-lines", "")
    action, row = ACTIONS.get(name), rows.get(key or VERSION_KEY)
    if action is None and name != "undo":
        return
    if row is None:
        edit.saved.gone.append(key)
        return
    try:
        if action is None:
            undo(draft, by=request.user)
            edit.reshaped = True
            return
        if not isinstance(row, action.kinds):
            return
        with recorded(draft, what=str(action.what), by=request.user):
            added = action.run(_fresh(row), more)
    except VersionRefused as reason:  # there are too many parts, or nothing to split or undo
        edit.notice = str(reason)
        return
    edit.focus = str(added.key) if added else key
    edit.reshaped = True


def _fresh(row: EditedRow) -> Any:
    """As it is after saving. Raises Http404 when somebody removed it in this very moment."""
    fresh = type(row)._default_manager.filter(pk=row.pk).first()
    if fresh is None:
        raise Http404
    return fresh


# --- What is answered -------------------------------------------------------------------------


def _page_answer(request: MemberRequest, draft: ManualVersion, edit: Edit) -> HttpResponse:
    """Back to the page; or, when something was not saved, the page with it and the reason."""
    saved, unsaved_forms = edit.saved, edit.unsaved_forms
    if unsaved_forms or saved.refused or saved.gone or edit.notice:
        page = _page_after(draft, edit, forms=unsaved_forms)
        is_refused = bool(unsaved_forms or saved.refused)
        told = {"gone": saved.gone, "notice": edit.notice, "is_refused": is_refused}
        return render(request, WRITE_TEMPLATE, _context(draft, page) | told, status=422)
    url = reverse("workbench:write", args=[draft.manual_id])
    return redirect(f"{url}#part-{edit.focus}" if edit.focus else f"{url}?saved=1")


def _page_after(
    draft: ManualVersion, edit: Edit, *, forms: Mapping[str, PartForm] | None = None
) -> DraftPage:
    page = draft_page_of(draft, forms=forms)
    for key, part in page.parts.items():
        part.refused = edit.saved.refused.get(key, "")
        part.theirs = [
            (name, str(part.form.fields[name].label), "" if value is None else str(value))
            for name, value in edit.saved.conflicts.get(key, {}).items()
        ]
    return page


def _json_answer(request: MemberRequest, draft: ManualVersion, edit: Edit) -> JsonResponse:
    def html(template: str, **context: Any) -> str:
        return render_to_string(f"manuals/editor/parts/{template}.html", context, request)

    page, saved = _page_after(draft, edit), edit.saved
    parts, context = page.parts, _context(draft, page)
    field_errors = {
        f"{key}-{name}": " ".join(str(error) for error in errors)
        for key, form in edit.forms.items()
        for name, errors in form.errors.items()
    }
    return JsonResponse(
        {
            "versions": {key: part.mark for key, part in parts.items()},
            "refused": field_errors,
            "conflicts": {key: html("theirs", part=parts[key]) for key in saved.conflicts},
            "gone": saved.gone,
            "message": edit.notice,
            "problems": {key: words for key, words in saved.refused.items() if key in parts},
            "advice": {key: html("advice", part=part) for key, part in parts.items()},
            "tally": html("tally", draft_page=page),
            "draft": html("draft", **context) if edit.reshaped else None,
            "undo": html("undo", **context),
            "focus": edit.focus,
        }
    )
