"""The notice that whoever signs in for the first time reads, and the answers to it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.progress.models import LearnerRecord
from courses.progress.screen import bring_to_account
from lms.accounts.choices import Purpose
from lms.accounts.going_back import page_before
from lms.accounts.models import User
from lms.accounts.views.account import BY_TELEPHONE, signed_in
from lms.privacy.asking import ASK
from lms.privacy.purposes import Processing, asked_for, of_elders
from lms.privacy.services import answer_purpose


@require_safe
@never_cache
def notice(request: HttpRequest) -> HttpResponse:
    """For everybody to read; who is signed in answers here, and changes an answer here. `next` is
    where one wanted to go."""
    request.session.pop(ASK, None)
    user = request.user if isinstance(request.user, User) else None
    context = {
        "asked": [(each, answer_of(user, each)) for each in asked_for()],
        "told": of_elders(),
        "before": page_before(request),
    }
    return render(request, "privacy/notice.html", context)


def answer_of(user: User | None, processing: Processing) -> bool | None:
    """None: nobody is signed in, or has not said."""
    if user is None or processing.purpose is None:
        return None
    answer = user.agrees_to(processing.purpose)
    if answer is None and processing.purpose == Purpose.LEARNING and user.keeps_learning():
        return True  # an account that was not made by its owner
    return answer


@require_POST
@login_required(login_url=BY_TELEPHONE)
@never_cache
def answer(request: HttpRequest) -> HttpResponse:
    """Each press is one answer. A no that deletes something is asked once more."""
    user, said = signed_in(request), request.POST.get("said", "")
    if request.POST.get("purpose") not in Purpose.values or said not in {"yes", "no"}:
        raise Http404
    purpose = Purpose(request.POST["purpose"])
    before = page_before(request)
    deletes = purpose == Purpose.LEARNING and said == "no" and "sure" not in request.POST
    if deletes and LearnerRecord.objects.filter(user=user).exists():
        return render(request, "privacy/sure.html", {"purpose": purpose, "before": before})
    answer_purpose(user, purpose, given=said == "yes")
    if purpose == Purpose.LEARNING and said == "yes":
        bring_to_account(request, user=user)
    return redirect(f"{reverse('privacy:notice')}?{urlencode({'next': before})}#{purpose}")
