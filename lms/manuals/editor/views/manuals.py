"""A manual's own page: its review, reviewers' notes and tallies; handing in, taking back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.paper import address_of
from lms.manuals.choices import VersionState
from lms.manuals.editor.draft_page import draft_page_of
from lms.manuals.editor.permissions import MemberRequest, for_members, manual_of
from lms.manuals.editor.queries import stage_statuses, step_counts
from lms.manuals.editor.services.answers import keep_word, take_answer_back
from lms.manuals.editor.services.versions import VersionRefused, discard_draft, open_draft
from lms.manuals.models import Manual, ManualTally, ManualVersion
from lms.manuals.review.services.reviews import ReviewRefused, SubmissionRefused, submit, withdraw


@require_safe
@for_members
def manual_page(request: MemberRequest, pk: int) -> HttpResponse:
    manual = manual_of(request, pk)
    versions = list(manual.versions.prefetch_related("reviews", "tallies"))
    newest = versions[0] if versions else None
    if newest is None:
        raise Http404
    live = manual.published_version if manual.live else None
    stages = manual.product.review_stages
    context = {
        "manual": manual,
        "product": manual.product,
        "newest": newest,
        "live": live,
        "versions": versions,
        "stages": stage_statuses(newest, stages),
        "notes": [(v, review) for v in versions for review in v.reviews.all() if review.note],
        "tally": ManualTally.objects.filter(version=live, step=None).first() if live else None,
        "tasks": step_counts(live) if live else [],
        "may_take_back": newest.state == VersionState.SUBMITTED,
        "short_url": address_of(manual.get_short_url()),
    }
    return render(request, "manuals/editor/manual.html", context)


@require_POST
@for_members
def open_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Edit the draft that exists, or a new one copied from the newest version."""
    manual = manual_of(request, pk)
    try:
        open_draft(manual)
    except VersionRefused as reason:
        messages.error(request, str(reason))
        return redirect("workbench:manual", pk)
    return redirect("workbench:write", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def hand_in(request: MemberRequest, pk: int) -> HttpResponse:
    """What the readability check says of the draft; without anything to mend, a button."""
    manual = manual_of(request, pk)
    draft: ManualVersion | None = manual.versions.drafts().with_content().first()
    if draft is None:
        return redirect("workbench:manual", pk)
    status, refused = 200, ""
    if request.method == "POST":
        try:
            submit(draft, by=request.user)
        except SubmissionRefused as reason:
            status, refused = 422, str(reason)
        else:
            messages.success(request, _("交上去了。有了结果，这里会写明。"))
            return redirect("workbench:manual", pk)
    return _checked(request, manual, draft, refused=refused, status=status)


@require_POST
@for_members
def keep_a_word(request: MemberRequest, pk: int) -> HttpResponse:
    """The maker says why a word that stops the draft is right there, or takes that back."""
    manual = manual_of(request, pk)
    draft: ManualVersion | None = manual.versions.drafts().with_content().first()
    if draft is None:
        return redirect("workbench:manual", pk)
    place = {name: request.POST.get(name, "") for name in ("key", "field", "word")}
    try:
        if "back" in request.POST:
            take_answer_back(draft, **place)
        else:
            keep_word(draft, **place, reason=request.POST.get("reason", ""), by=request.user)
    except VersionRefused as reason:
        return _checked(request, manual, draft, refused=str(reason), status=422)
    except ValidationError as error:
        return _checked(request, manual, draft, refused=" ".join(error.messages), status=422)
    return redirect("workbench:hand_in", pk)


def _checked(
    request: MemberRequest, manual: Manual, draft: ManualVersion, *, refused: str, status: int
) -> HttpResponse:
    """What the readability check says of the draft. refused: why the last press did nothing."""
    context = {
        "manual": manual,
        "product": manual.product,
        "draft": draft,
        "draft_page": draft_page_of(draft),
        "stages": manual.product.review_stages,
        "refused": refused,
    }
    return render(request, "manuals/editor/hand_in.html", context, status=status)


@require_POST
@for_members
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    manual = manual_of(request, pk)
    states = (VersionState.SUBMITTED, VersionState.PLANNED)
    submitted = manual.versions.filter(state__in=states).first()
    try:
        if submitted is None:
            raise ReviewRefused(_("已经审完了，不能撤回。"))
        withdraw(submitted, by=request.user)
    except ReviewRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("撤回来了。要改，请点“接着写”。"))
    return redirect("workbench:manual", pk)


@require_POST
@for_members
def discard(request: MemberRequest, pk: int) -> HttpResponse:
    """Throw the draft away; what elders see stays."""
    manual = manual_of(request, pk)
    try:
        discard_draft(manual)
    except VersionRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("草稿删掉了。"))
        if not Manual.objects.filter(pk=pk).exists():  # it never had another version
            return redirect("workbench:home")
    return redirect("workbench:manual", pk)
