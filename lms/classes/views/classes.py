"""One class, and setting one up."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.classes.choices import EnrolmentState
from lms.classes.forms import (
    ClassForm,
    EnrolByNameForm,
    EnrolByNumberForm,
    WeeklyTimes,
    meeting_times,
)
from lms.classes.models import ClassGroup
from lms.classes.queries import administered_villages
from lms.classes.services.class_groups import create_class, update_class
from lms.classes.services.errors import ClassRefused
from lms.classes.views.access import class_managed, class_seen
from lms.classes.views.calendars import calendar_url
from lms.people.choices import Role
from lms.people.models import people_with_role_over
from lms.units.models import Unit
from lms.units.queries import trails_of

TIME_NAMES = ("weekday", "starts_at", "ends_at")
VILLAGES_SHOWN = 60


@require_safe
@for_staff
def class_page(request: SignedInRequest, pk: int) -> HttpResponse:
    class_group = class_seen(request.user, pk)
    return show_class(request, class_group)


def show_class(
    request: SignedInRequest,
    class_group: ClassGroup,
    *,
    number_form: EnrolByNumberForm | None = None,
    new_form: EnrolByNameForm | None = None,
) -> HttpResponse:
    """The class's page; forms that were refused stand in it with their complaints."""
    enrolments = class_group.enrolments.select_related("learner", "recorded_by", "delegate__person")
    context = {
        "class_group": class_group,
        "trail": trails_of([class_group.unit])[class_group.unit.path],
        "weekly_times": class_group.weekly_times.all(),
        "teachers": class_group.teachers.all(),
        "appointed": people_with_role_over(class_group.unit, Role.TEACHER),
        "enrolled": enrolments.filter(state=EnrolmentState.ENROLLED).order_by("learner__name"),
        "waiting": enrolments.filter(state=EnrolmentState.WAITING),
        "left": enrolments.filter(state=EnrolmentState.LEFT).order_by("-left_at"),
        "may_keep": ClassGroup.objects.changeable_by(request.user).filter(pk=class_group.pk),
        "may_manage": ClassGroup.objects.managed_by(request.user).filter(pk=class_group.pk),
        "number_form": number_form or EnrolByNumberForm(prefix="number"),
        "new_form": new_form or EnrolByNameForm(prefix="new"),
        "calendar_url": calendar_url(request, class_group),
    }
    refused = number_form is not None or new_form is not None
    context["refused"] = refused
    return render(request, "classes/class.html", context, status=422 if refused else 200)


@require_safe
@for_staff
def choose_village(request: SignedInRequest) -> HttpResponse:
    """The first step of a new class: in which village, by code or name."""
    return render(request, "classes/choose_village.html", villages_to_choose(request))


def villages_to_choose(request: SignedInRequest) -> dict[str, Any]:
    """What a page shows that asks for a village, by `q`: of those in which the user sets classes
    up. Raises Http404 when there is none."""
    villages = administered_villages(request.user)
    if not villages.exists():
        raise Http404
    query = request.GET.get("q", "").strip()
    found = villages.filter(Q(name__icontains=query) | Q(code__startswith=query))
    shown = list(found[:VILLAGES_SHOWN])
    trails = trails_of(shown)
    return {
        "query": query,
        "villages": [(village, trails[village.path]) for village in shown],
        "count": found.count(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new_class(request: SignedInRequest, code: str) -> HttpResponse:
    unit: Unit = get_object_or_404(administered_villages(request.user), code=code)
    return _class_form(request, unit, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit_class(request: SignedInRequest, pk: int) -> HttpResponse:
    class_group = class_managed(request.user, pk)
    return _class_form(request, class_group.unit, class_group)


def _class_form(
    request: SignedInRequest, unit: Unit, class_group: ClassGroup | None
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ClassForm(data, unit=unit, class_group=class_group, initial=_as_it_is(class_group))
    # The rows that stand are given as initial ones, and blank ones fill up to seven.
    times = WeeklyTimes(data, initial=_meeting_rows(class_group), prefix="times")
    if data is not None and form.is_valid() and times.is_valid():
        asked = {**form.cleaned_data, "weekly_times": meeting_times(times)}
        try:
            if class_group is None:
                class_group = create_class(unit=unit, **asked)
            else:
                update_class(class_group, **asked)
        except ClassRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已经保存，课次也排好了。"))
            return redirect("classes:class", pk=class_group.pk)
    context = {
        "form": form,
        "times": times,
        "unit": unit,
        "trail": trails_of([unit])[unit.path],
        "class_group": class_group,
    }
    status = 422 if form.errors or data is not None else 200
    return render(request, "classes/edit.html", context, status=status)


def _as_it_is(class_group: ClassGroup | None) -> dict[str, Any]:
    """What the form shows before anybody changes it."""
    if class_group is None:
        return {}
    names = ("title", "kind", "place", "capacity", "starts_on", "ends_on")
    return {
        **{name: getattr(class_group, name) for name in names},
        "classroom": class_group.classroom_id,
        "teachers": [teacher.pk for teacher in class_group.teachers.all()],
    }


def _meeting_rows(class_group: ClassGroup | None) -> list[dict[str, Any]]:
    if class_group is None:
        return []
    weekly = class_group.weekly_times.all()
    return [{name: getattr(each, name) for name in TIME_NAMES} for each in weekly]
