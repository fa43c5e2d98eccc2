"""Putting learners into a class, and taking them out."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.accounts.access import SignedInRequest, for_staff
from lms.classes.choices import Door, EnrolmentState
from lms.classes.forms import EnrolByNameForm, EnrolByNumberForm
from lms.classes.models import ClassGroup
from lms.classes.queries import enrollable_learners
from lms.classes.services.enrolments import enrol, leave_class
from lms.classes.services.errors import ClassRefused
from lms.classes.views.access import class_kept
from lms.classes.views.classes import show_class
from lms.people.choices import DelegateScope, Looked
from lms.people.models import Delegate, Learner
from lms.people.services.learners import find_same_learners, register_learner
from lms.people.services.looks import note_look

SOMEBODY_ELSE = "new"


@require_POST
@for_staff
def enrol_by_number(request: SignedInRequest, pk: int) -> HttpResponse:
    class_group = class_kept(request.user, pk)
    form = EnrolByNumberForm(request.POST, prefix="number")
    if not form.is_valid():
        return show_class(request, class_group, number_form=form)
    number, door = form.cleaned_data["number"], Door(form.cleaned_data["door"])
    learner = enrollable_learners(request.user, class_group).called(number).first()
    if learner is None:
        form.add_error(
            "number", _("这里没有这个学员号。如果是别的街镇的学员，请上级管理员来报名。")
        )
        return show_class(request, class_group, number_form=form)
    delegate = None
    if door == Door.DELEGATE:
        delegates = delegates_for_enrolling(learner)
        chosen = delegates.filter(pk=request.POST.get("delegate") or None).first()
        if chosen is None and delegates.count() > 1:
            note_look(request.user, Looked.LEARNER, rows=1, learner=learner)
            context = {
                "class_group": class_group,
                "learner": learner,
                "delegates": delegates.select_related("person"),
            }
            return render(request, "classes/choose_delegate.html", context)
        delegate = chosen or delegates.first()
        if delegate is None:
            form.add_error(
                "door",
                _("%(name)s没有登记可以代报名的亲友，或者授权到期了。请先登记，或者选别的方式。")
                % {"name": learner.name},
            )
            return show_class(request, class_group, number_form=form)
    try:
        put_in(request, learner, class_group, door=door, delegate=delegate)
    except ClassRefused as reason:
        form.add_error("number", str(reason))
        return show_class(request, class_group, number_form=form)
    return redirect("classes:class", pk=pk)


def delegates_for_enrolling(learner: Learner) -> Any:
    scopes = (DelegateScope.ENROL, DelegateScope.ALL)
    return Delegate.objects.in_force().filter(learner=learner, scope__in=scopes).order_by("pk")


@require_POST
@for_staff
def enrol_by_name(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whoever may be the same person is shown first; then "这位就是" or "是另一位" decides."""
    class_group = class_kept(request.user, pk)
    form = EnrolByNameForm(request.POST, prefix="new")
    if not form.is_valid():
        return show_class(request, class_group, new_form=form)
    typed = form.cleaned_data
    same = find_same_learners(
        name=typed["name"], unit=class_group.unit, birth_year=typed["birth_year"]
    )
    who = request.POST.get("who", "")
    if same and who != SOMEBODY_ELSE:
        learner = same.filter(number=who).first()
        if learner is None:
            note_look(
                request.user,
                Looked.DIRECTORY,
                rows=len(same),
                unit=class_group.unit,
                about=_("同名的"),
            )
            context = {"class_group": class_group, "form": form, "same": same}
            return render(request, "classes/choose_learner.html", context)
        put_in(request, learner, class_group, door=Door(typed["door"]))
        return redirect("classes:class", pk=pk)
    with transaction.atomic():
        learner = register_learner(
            name=typed["name"],
            unit=class_group.unit,
            birth_year=typed["birth_year"],
            telephone=typed["telephone"],
        )
        put_in(request, learner, class_group, door=Door(typed["door"]))
    return redirect("classes:class", pk=pk)


def put_in(
    request: SignedInRequest,
    learner: Learner,
    class_group: ClassGroup,
    *,
    door: Door,
    delegate: Delegate | None = None,
) -> None:
    enrolment = enrol(learner, class_group, door=door, recorded_by=request.user, delegate=delegate)
    words = (
        _("%(name)s（%(number)s）在班里了。")
        if enrolment.state == EnrolmentState.ENROLLED
        else _("班里满了，%(name)s（%(number)s）排队等候。")
    )
    messages.success(request, words % {"name": learner.name, "number": learner.number})


@require_POST
@for_staff
def leave(request: SignedInRequest, pk: int, enrolment: int) -> HttpResponse:
    class_group = class_kept(request.user, pk)
    there = class_group.enrolments.exclude(state=EnrolmentState.LEFT).select_related("learner")
    leaving = get_object_or_404(there, pk=enrolment)
    moved_up = leave_class(leaving)
    messages.success(request, _("%(name)s退出了这个班。") % {"name": leaving.learner.name})
    if moved_up is not None:
        messages.info(request, _("%(name)s从排队转为在班。") % {"name": moved_up.learner.name})
    return redirect("classes:class", pk=pk)
