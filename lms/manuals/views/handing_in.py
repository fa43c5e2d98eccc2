"""A manual's own page: how far it is, what reviewers said, how it is understood; handing it in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.manuals.choices import VersionState
from lms.manuals.models import Manual, ManualVersion, Tally
from lms.manuals.models.review import stages_for
from lms.manuals.permissions import MemberRequest, for_members
from lms.manuals.services.review import ReviewRefused, SubmissionRefused, submit, withdraw
from lms.manuals.services.versions import VersionRefused, discard_draft, open_draft
from lms.manuals.views.desk import manual_of
from lms.manuals.workbench_queries import desk_of, stage_marks, step_counts


@require_safe
@for_members
def manual_page(request: MemberRequest, pk: int) -> HttpResponse:
    manual = manual_of(request, pk)
    versions = list(manual.versions.prefetch_related("reviews", "tallies"))
    newest = versions[0] if versions else None
    if newest is None:
        raise Http404
    live = manual.published_version if manual.live else None
    stages = stages_for(manual.product)
    context = {
        "manual": manual,
        "product": manual.product,
        "newest": newest,
        "live": live,
        "versions": versions,
        "stages": stage_marks(newest, stages),
        "notes": [(v, review) for v in versions for review in v.reviews.all() if review.note],
        "tally": Tally.objects.filter(version=live, step=None).first() if live else None,
        "tasks": step_counts(live) if live else [],
        "may_take_back": newest.state == VersionState.SUBMITTED,
        "short_url": request.build_absolute_uri(manual.get_short_url()),
    }
    return render(request, "manuals/workbench/manual.html", context)


@require_POST
@for_members
def open_again(request: MemberRequest, pk: int) -> HttpResponse:
    """The draft that is there, or a new one copied from what was handed in."""
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
    """What the gate says of the draft, and the button that it opens."""
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
    context = {
        "manual": manual,
        "product": manual.product,
        "draft": draft,
        "desk": desk_of(draft),
        "stages": stages_for(manual.product),
        "refused": refused,
    }
    return render(request, "manuals/workbench/hand_in.html", context, status=status)


@require_POST
@for_members
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    manual = manual_of(request, pk)
    submitted = manual.versions.filter(state=VersionState.SUBMITTED).first()
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
