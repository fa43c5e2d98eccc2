"""One class, and setting one up."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.classes.choices import EnrolmentState, SessionState
from lms.classes.clashes import Clashing, require_no_clash
from lms.classes.forms import (
    ClassForm,
    EnrolByNameForm,
    EnrolByNumberForm,
    WeeklyTimes,
    meeting_times,
)
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.queries import villages_for_classes
from lms.classes.services.class_groups import create_class, update_class
from lms.classes.services.errors import ClassRefused
from lms.classes.views.access import class_kept, class_seen
from lms.classes.views.calendars import calendar_url
from lms.people.choices import Looked, Role
from lms.people.models import may_appoint, people_with_role_over
from lms.people.services.looks import note_look
from lms.units.models import Unit, UnitQuerySet
from lms.units.queries import trails_of

TIME_NAMES = ("weekday", "starts_at", "ends_at")
VILLAGES_SHOWN = 60
LEARNERS_A_PAGE = 40


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
    here = enrolments.exclude(state=EnrolmentState.LEFT).values("learner")
    left = enrolments.filter(state=EnrolmentState.LEFT).exclude(learner__in=here)
    enrolled = enrolments.filter(state=EnrolmentState.ENROLLED)
    enrolled = enrolled.order_by("learner__sort_key", "pk")
    page = Paginator(enrolled, LEARNERS_A_PAGE).get_page(request.GET.get("p"))
    waiting = list(enrolments.filter(state=EnrolmentState.WAITING)[:LEARNERS_A_PAGE])
    gone = list(left.order_by("-left_at")[:LEARNERS_A_PAGE])
    note_look(
        request.user,
        Looked.CLASS,
        rows=len(page) + len(waiting) + len(gone),
        unit=class_group.unit,
        about=str(class_group),
    )
    context = {
        "class_group": class_group,
        "trail": trails_of([class_group.unit])[class_group.unit.path],
        "weekly_times": class_group.weekly_times.all(),
        "teachers": class_group.teachers.all(),
        "appointed": people_with_role_over(class_group.unit, Role.TEACHER),
        "enrolled": page,
        "waiting": waiting,
        "waiting_count": enrolments.filter(state=EnrolmentState.WAITING).count(),
        "left": gone,
        "left_count": left.count(),
        "may_keep": ClassGroup.objects.changeable_by(request.user).filter(pk=class_group.pk),
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
    """The first step of a new class: in which village, by code or name. It is left out where there
    is but one."""
    villages = villages_for_classes(request.user)
    if len(some := villages[:2]) == 1:
        return redirect("classes:new_in", code=some[0].code)
    return render(request, "classes/choose_village.html", villages_to_choose(request, villages))


def villages_to_choose(request: SignedInRequest, villages: UnitQuerySet) -> dict[str, Any]:
    """What a page shows that asks for one of these villages, by `q`. Raises Http404 when there is
    none."""
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
    unit: Unit = get_object_or_404(villages_for_classes(request.user), code=code)
    return _class_form(request, unit, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit_class(request: SignedInRequest, pk: int) -> HttpResponse:
    class_group = class_kept(request.user, pk)
    return _class_form(request, class_group.unit, class_group)


def _class_form(
    request: SignedInRequest, unit: Unit, class_group: ClassGroup | None
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    user = request.user
    # Whoever is no officer there sets up classes that are taught by him.
    teaches_it = not may_appoint(user, unit=unit, role=Role.TEACHER)
    initial = _as_it_is(class_group) or ({"teachers": [user.pk]} if teaches_it else {})
    form = ClassForm(data, unit=unit, class_group=class_group, initial=initial)
    # The rows that stand are given as initial ones, and blank ones fill up to seven.
    times = WeeklyTimes(data, initial=_meeting_rows(class_group), prefix="times")
    if data is not None and form.is_valid() and times.is_valid():
        asked = {**form.cleaned_data, "weekly_times": meeting_times(times)}
        if teaches_it:
            asked["teachers"] = {*asked["teachers"], user}
        try:
            saved = _save(unit, class_group, asked, anyway="anyway" in request.POST)
        except ClassRefused as reason:
            form.add_error(None, str(reason))
        except Clashing as clashing:
            form.clashes = clashing.warnings
        else:
            messages.success(request, _what_was_planned(saved))
            return redirect("classes:class", pk=saved.pk)
    context = {
        "form": form,
        "times": times,
        "unit": unit,
        "trail": trails_of([unit])[unit.path],
        "class_group": class_group,
        "may_choose": class_group is None and len(villages_for_classes(user)[:2]) > 1,
    }
    status = 422 if form.errors or data is not None else 200
    return render(request, "classes/edit.html", context, status=status)


@transaction.atomic
def _save(
    unit: Unit, class_group: ClassGroup | None, asked: dict[str, Any], *, anyway: bool
) -> ClassGroup:
    """Raises ClassRefused, and Clashing unless it shall be `anyway`; nothing is saved then."""
    if class_group is None:
        saved = create_class(unit=unit, **asked)
    else:
        saved = ClassGroup.objects.get(pk=class_group.pk)
        update_class(saved, **asked)
    require_no_clash(list(_sessions_ahead(saved)), anyway=anyway)
    return saved


def _sessions_ahead(class_group: ClassGroup) -> QuerySet[ClassSession]:
    ahead = class_group.sessions.filter(state=SessionState.PLANNED, ends_at__gte=timezone.now())
    return ahead.select_related("class_group")


def _what_was_planned(class_group: ClassGroup) -> str:
    if count := _sessions_ahead(class_group).count():
        return _("已经保存，课次也排好了：以后还有%(count)d次。") % {"count": count}
    return _("已经保存。以后没有排好的课；要上课，请按“加一次课”。")


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
