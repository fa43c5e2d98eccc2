"""What is kept about a learner who comes to the desk, read and handed over by an officer on the
learner's behalf; each is a line in the log. What is wrong is mended, and what is to go is erased,
on the learner's page."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from courses.paper import PaperNotReady
from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.accounts.plain_forms import PlainForm
from lms.people.choices import Looked
from lms.people.models import Learner, administered_by
from lms.people.services.looks import note_look
from lms.privacy.kept import kept_of
from lms.privacy.taking_away import zip_of
from lms.privacy.views.kept import as_zip, not_ready


class OnBehalfForm(PlainForm):
    reason = forms.CharField(
        label=_("为什么"),
        help_text=_("例如：本人到场，出示了学员卡。这一句会留着，请不要写姓名。"),
        max_length=80,
    )


def learner_at_desk(user: User, pk: int) -> Learner:
    learners = Learner.objects.standing().filter(administered_by(user, prefix="unit__"))
    return get_object_or_404(learners.select_related("unit", "user"), pk=pk)


@require_http_methods(["GET", "HEAD"])
@for_staff
def kept(request: SignedInRequest, pk: int) -> HttpResponse:
    learner = learner_at_desk(request.user, pk)
    note_look(request.user, Looked.KEPT, rows=1, learner=learner)
    sections = kept_of(user=learner.user, learner=learner)
    context = {"learner": learner, "sections": sections, "form": OnBehalfForm()}
    return render(request, "privacy/desk.html", context)


@require_http_methods(["POST"])
@for_staff
def take_away(request: SignedInRequest, pk: int) -> HttpResponse:
    """For the learner to take home; asks why."""
    learner = learner_at_desk(request.user, pk)
    form = OnBehalfForm(request.POST)
    sections = kept_of(user=learner.user, learner=learner)
    if not form.is_valid():
        note_look(request.user, Looked.KEPT, rows=1, learner=learner)
        context = {"learner": learner, "sections": sections, "form": form}
        return render(request, "privacy/desk.html", context, status=422)
    try:
        content = zip_of(sections, name=learner.name)
    except PaperNotReady as reason:
        return not_ready(request, reason, back=reverse("desk:kept", args=[pk]))
    reason_given = form.cleaned_data["reason"]
    note_look(request.user, Looked.KEPT, rows=1, learner=learner, taken=True, reason=reason_given)
    return as_zip(content)
