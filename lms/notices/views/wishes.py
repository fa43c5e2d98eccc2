"""Whether learners want short messages: one at the desk, or a whole class that was asked."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.accounts.access import SignedInRequest, for_staff
from lms.classes.views.access import class_kept
from lms.notices.audiences import Audience
from lms.notices.choices import HowSaid
from lms.notices.consent import answers_of, number_of_learner
from lms.notices.forms import WishForm
from lms.notices.services.people import note_wish
from lms.people.choices import Looked
from lms.people.models import Learner
from lms.people.services.looks import note_look
from lms.people.views.learners import learner_kept

#: How a radio button is named; a learner's number follows.
WISH = "wish-"


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def wish(request: SignedInRequest, number: str) -> HttpResponse:
    learner = learner_kept(request.user, number)
    if learner.erased_at is not None:
        return redirect("people:learner", number=learner.number)
    form = WishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        note_wish(
            learner,
            given=cleaned["given"] == "yes",
            how=HowSaid(cleaned["how"]),
            recorded_by=request.user,
        )
        messages.success(request, _("记下了。"))
        return redirect("people:learner", number=learner.number)
    note_look(request.user, Looked.LEARNER, rows=1, learner=learner)
    context = {
        "learner": learner,
        "form": form,
        "answer": answers_of([learner]).get(learner.pk),
        "wishes": learner.wishes.select_related("recorded_by"),
        "has_number": bool(number_of_learner(learner)),
    }
    return render(request, "notices/wish.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def of_class(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everybody of the class, with two buttons each; who is left alone stays unasked."""
    class_group = class_kept(request.user, pk)
    learners = list(Audience(class_group=class_group).learners())
    if request.method == "POST":
        count = _note_all(request, learners)
        messages.success(request, _("记下了%(count)d个人。") % {"count": count})
        return redirect("classes:class", pk=pk)
    answers = answers_of(learners)
    note_look(
        request.user,
        Looked.CLASS,
        rows=len(learners),
        unit=class_group.unit,
        about=class_group.title,
    )
    lines = [(each, answers.get(each.pk), bool(number_of_learner(each))) for each in learners]
    context = {"class_group": class_group, "lines": lines}
    return render(request, "notices/wishes_of_class.html", context)


@transaction.atomic
def _note_all(request: SignedInRequest, learners: list[Learner]) -> int:
    before, count = answers_of(learners), 0
    for learner in learners:
        said = request.POST.get(WISH + learner.number, "")
        if said not in {"yes", "no"} or before.get(learner.pk) is (said == "yes"):
            continue
        how = HowSaid.IN_PERSON
        note_wish(learner, given=said == "yes", how=how, recorded_by=request.user)
        count += 1
    return count
