"""What the school keeps of one learner: to read, to put right, to forget; and who may act for them
(亲友代办).
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.people.choices import Looked
from lms.people.forms import DelegateForm, ErasureForm, LearnerForm
from lms.people.models import Learner, LearnerMerge, administered_by
from lms.people.services.errors import PersonRefused
from lms.people.services.learners import (
    appoint_delegate,
    erase_learner,
    revoke_delegate,
    update_learner,
)
from lms.people.services.looks import note_look
from lms.units.queries import trails_of


def learner_kept(user: User, number: str) -> Learner:
    learners = Learner.objects.changeable_by(user).select_related("unit")
    return get_object_or_404(learners.called(number))


def learner_administered(user: User, number: str) -> Learner:
    """Of a unit that the user is an officer over: a teacher erases nobody."""
    learners = Learner.objects.filter(administered_by(user, prefix="unit__"))
    return get_object_or_404(learners.called(number).select_related("unit"))


@require_safe
@for_staff
def learner_page(request: SignedInRequest, number: str) -> HttpResponse:
    learner = learner_kept(request.user, number)
    enrolments = learner.enrolments.select_related(
        "class_group__unit", "recorded_by", "delegate__person"
    ).order_by("-enrolled_at", "pk")
    if learner.erased_at is None:
        note_look(request.user, Looked.LEARNER, rows=1, learner=learner)
    context = {
        "learner": learner,
        "trail": trails_of([learner.unit])[learner.unit.path],
        "enrolments": enrolments,
        "merges": LearnerMerge.objects.standing()
        .filter(gone__merged_into=learner, gone__erased_at__isnull=True)
        .select_related("gone"),
        "delegates": learner.delegates.select_related("person", "recorded_by").order_by("-pk"),
        "enrolled_by_delegate": [each for each in enrolments if each.delegate_id],
        "may_erase": Learner.objects.filter(
            administered_by(request.user, prefix="unit__"), pk=learner.pk, erased_at__isnull=True
        ).exists(),
    }
    return render(request, "people/learner.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit_learner(request: SignedInRequest, number: str) -> HttpResponse:
    learner = learner_kept(request.user, number)
    note_look(request.user, Looked.LEARNER, rows=1, learner=learner)
    names = ("name", "birth_year", "telephone")
    initial = {name: getattr(learner, name) for name in names}
    form = LearnerForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            update_learner(learner, **form.cleaned_data)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("改好了。"))
            return redirect("people:learner", number=number)
    context = {"learner": learner, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "people/learner_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def erase(request: SignedInRequest, number: str) -> HttpResponse:
    """The page says what goes and what stays; its button does it."""
    learner = learner_administered(request.user, number)
    note_look(request.user, Looked.LEARNER, rows=1, learner=learner)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            erase_learner(learner, reason=form.cleaned_data["reason"], erased_by=request.user)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("注销了。姓名、年份、电话和学员号都已删去，旧卡作废。"))
            return redirect("attendance:mine")
    context = {
        "learner": learner,
        "form": form,
        "places": learner.enrolments.filter(left_at__isnull=True).count(),
        "delegates": learner.delegates.in_force().count(),
        "marks": learner.attendance_records.count(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "people/learner_erase.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new_delegate(request: SignedInRequest, number: str) -> HttpResponse:
    learner = learner_kept(request.user, number)
    note_look(request.user, Looked.LEARNER, rows=1, learner=learner)
    form = DelegateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            delegate = appoint_delegate(learner=learner, recorded_by=request.user, **form.terms())
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(
                request,
                _(
                    "登记好了：%(person)s（%(relation)s）可以为%(learner)s%(scope)s，办到%(day)s为止。"
                )
                % {
                    "person": form.cleaned_data["person"].shown_name(),
                    "relation": delegate.relation,
                    "learner": learner.name,
                    "scope": delegate.get_scope_display(),
                    "day": delegate.last_day,
                },
            )
            return redirect("people:learner", number=number)
    context = {"learner": learner, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "people/delegate.html", context, status=status)


@require_POST
@for_staff
def revoke(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    learner = learner_kept(request.user, number)
    delegate = get_object_or_404(learner.delegates.filter(revoked_at__isnull=True), pk=pk)
    revoke_delegate(delegate)
    messages.success(request, _("收回了。以前代办的事还留着记录。"))
    return redirect("people:learner", number=number)
