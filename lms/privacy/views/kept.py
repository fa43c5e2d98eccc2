"""What is kept about whoever is signed in: to read, to take away, to delete."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.paper import RETRY_SECONDS, PaperNotReady
from lms.accounts.views.account import BY_TELEPHONE, signed_in
from lms.privacy.kept import kept_of
from lms.privacy.services import (
    DeletionRefused,
    delete_everything_of,
    learner_of,
    works_still,
)
from lms.privacy.taking_away import zip_of


@require_safe
@login_required(login_url=BY_TELEPHONE)
@never_cache
def kept(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    sections = kept_of(user=user, learner=learner_of(user))
    return render(request, "privacy/kept.html", {"sections": sections})


@require_safe
@login_required(login_url=BY_TELEPHONE)
@never_cache
def take_away(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    try:
        content = zip_of(kept_of(user=user, learner=learner_of(user)), name=user.shown_name())
    except PaperNotReady as reason:
        return not_ready(request, reason, back=reverse("privacy:kept"))
    return as_zip(content)


def as_zip(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return answer


def not_ready(request: HttpRequest, reason: PaperNotReady, *, back: str) -> HttpResponse:
    context = {"reason": str(reason), "back": back}
    answer = render(request, "courses/handout_not_ready.html", context, status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@login_required(login_url=BY_TELEPHONE)
@never_cache
def delete(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; then once more; then it is done, and one is out."""
    user = signed_in(request)
    learner = learner_of(user)
    context = {
        "learner": learner,
        "marks": learner.attendance_records.count() if learner else 0,
        "works": works_still(user),
        "sure": request.method == "POST",
    }
    if request.method != "POST" or "sure" not in request.POST:
        return render(request, "privacy/delete.html", context)
    try:
        delete_everything_of(user)
    except DeletionRefused as reason:
        messages.error(request, str(reason))
        return redirect("privacy:delete")
    logout(request)
    return render(request, "privacy/deleted.html")
