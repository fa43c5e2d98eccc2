"""The writing desk: one page with all parts of a draft, saved as one types.

Without a script it is one form with buttons. The script sends the same names, only those of what
was changed, and asks for JSON.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.manuals.desk_forms import FORMS, VERSION_KEY, PartForm, Written
from lms.manuals.desk_verbs import VERBS, Verb
from lms.manuals.models import Manual, ManualVersion, Step
from lms.manuals.permissions import MemberRequest, for_members
from lms.manuals.pictures import PictureRefused
from lms.manuals.services import writing
from lms.manuals.services.desk import Saved, save_desk, written_in
from lms.manuals.services.pictures import keep_picture
from lms.manuals.services.versions import VersionRefused
from lms.manuals.workbench_queries import Desk, desk_of


def manual_of(request: MemberRequest, pk: int) -> Manual:
    """One of the asker's own; 404 for any other."""
    manuals = Manual.objects.of(request.organisation)
    return get_object_or_404(manuals.select_related("product__organisation"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def write(request: MemberRequest, pk: int) -> HttpResponse:
    manual = manual_of(request, pk)
    draft = manual.versions.drafts().with_content().first()
    if draft is None:
        return _sealed(request, manual, _("这份说明书已经交了，现在不能改。"))
    if request.method != "POST":
        return render(request, "manuals/workbench/write.html", _context(draft, desk_of(draft)))
    sent = Sent(request, draft)
    try:
        sent.save()
    except VersionRefused as reason:
        return _sealed(request, manual, str(reason))
    return sent.answer()


def _sealed(request: HttpRequest, manual: Manual, words: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"sealed": words}, status=409)
    return redirect("workbench:manual", manual.pk)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _context(draft: ManualVersion, desk: Desk) -> dict[str, Any]:
    return {"manual": draft.manual, "product": draft.manual.product, "draft": draft, "desk": desk}


class Sent:
    """What one press, or one pause in typing, sent: boxes, pictures, and one thing to do."""

    def __init__(self, request: MemberRequest, draft: ManualVersion) -> None:
        self.request = request
        self.draft = draft
        self.rows = written_in(draft)
        self.forms: dict[str, PartForm] = {}
        self.saved = Saved()
        self.refused: dict[str, str] = {}
        #: What could not be done, of the page as a whole.
        self.notice = ""
        #: The part that the page turns to.
        self.focus = ""
        #: Whether parts came, went or moved, or a picture did.
        self.reshaped = False

    def save(self) -> None:
        """Raises VersionRefused when it is no draft any more."""
        post = self.request.POST
        sent = [name.removesuffix("-seen") for name in post if name.endswith("-seen")]
        self.saved.gone = [key for key in sent if key not in self.rows]
        self.forms = {
            key: FORMS[type(self.rows[key])](post, prefix=key) for key in sent if key in self.rows
        }
        changes = {key: form.changes() for key, form in self.forms.items()}
        seen = {key: post[f"{key}-seen"] for key in changes}
        saved = save_desk(self.draft, changes=changes, seen=seen)
        saved.gone += self.saved.gone
        self.saved = saved
        self.refused |= saved.refused
        for name, file in self.request.FILES.items():
            self._bring_picture(name.removesuffix("-file"), file)
        verb, _colon, rest = post.get("do", "").partition(":")
        if verb in VERBS:
            self._do(VERBS[verb], rest)

    def _bring_picture(self, key: str, file: Any) -> None:
        step = self.rows.get(key)
        if not isinstance(step, Step):
            return
        try:
            picture = keep_picture(
                organisation=self.request.organisation,
                file=file,
                original_name=file.name or "",
                by=self.request.user,
            )
        except PictureRefused as reason:
            self.refused[key] = str(reason)
        else:
            unmarked = dict.fromkeys(("marker_x", "marker_y", "marker_w", "marker_h"))
            writing.change_part(_fresh(step), picture=picture, **unmarked)
            self.reshaped, self.focus = True, key

    def _do(self, verb: Verb, rest: str) -> None:
        key, _colon, number = rest.partition(":")
        row = self.rows.get(key or VERSION_KEY)
        if row is None:
            self.saved.gone.append(key)
            return
        if not isinstance(row, verb.kinds):
            return
        try:
            made = verb.do(_fresh(row), number)
        except VersionRefused as reason:  # there are too many
            self.notice = str(reason)
            return
        self.focus = str(made.key) if made else key
        self.reshaped = True

    def answer(self) -> HttpResponse:
        draft = ManualVersion.objects.with_content().get(pk=self.draft.pk)
        troubled = set(self.saved.conflicts) | {
            key for key, form in self.forms.items() if form.errors
        }
        json = wants_json(self.request)
        shown = self.forms if troubled and not json else {}
        desk = desk_of(draft, forms={key: shown[key] for key in troubled if key in shown})
        for key, part in desk.parts.items():
            part.refused = self.refused.get(key, "")
            theirs = self.saved.conflicts.get(key, {})
            part.theirs = [
                (name, str(part.form.fields[name].label), "" if value is None else str(value))
                for name, value in theirs.items()
            ]
        if json:
            return self._as_json(draft, desk)
        if troubled or self.refused or self.saved.gone or self.notice:
            context = _context(draft, desk) | {
                "gone": self.saved.gone,
                "notice": self.notice,
                "is_refused": True,
            }
            return render(self.request, "manuals/workbench/write.html", context, status=422)
        url = reverse("workbench:write", args=[draft.manual_id])
        return redirect(f"{url}#part-{self.focus}" if self.focus else f"{url}?saved=1")

    def _as_json(self, draft: ManualVersion, desk: Desk) -> JsonResponse:
        def html(template: str, **context: Any) -> str:
            return render_to_string(
                f"manuals/workbench/parts/{template}.html", context, self.request
            )

        parts = desk.parts
        refused = {
            f"{key}-{name}": " ".join(str(error) for error in errors)
            for key, form in self.forms.items()
            for name, errors in form.errors.items()
        }
        return JsonResponse(
            {
                "marks": {key: part.mark for key, part in parts.items()},
                "refused": refused,
                "conflicts": {key: html("theirs", part=parts[key]) for key in self.saved.conflicts},
                "gone": self.saved.gone,
                "notice": self.notice,
                "problems": {key: words for key, words in self.refused.items() if key in parts},
                "advice": {key: html("advice", part=part) for key, part in parts.items()},
                "tally": html("tally", desk=desk),
                "desk": html("desk", **_context(draft, desk)) if self.reshaped else None,
                "focus": self.focus,
            }
        )


def _fresh(row: Written) -> Any:
    """As it is after what was just saved; raises Http404 when it has gone this very moment."""
    fresh = type(row)._default_manager.filter(pk=row.pk).first()
    if fresh is None:
        raise Http404
    return fresh
