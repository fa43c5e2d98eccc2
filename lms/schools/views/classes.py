"""My classes, one class, and setting one up."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.schools.choices import EnrolmentState, Role, SessionState
from lms.schools.class_forms import (
    ClassForm,
    NewLearnerForm,
    NumberForm,
    WeeklyTimes,
    meeting_times,
)
from lms.schools.class_queries import (
    administered_villages,
    day_bounds,
    manages_classes,
    session_lines,
)
from lms.schools.models import ClassGroup, ClassSession, Unit
from lms.schools.models.people import people_with_role_over, supervised_units
from lms.schools.queries import trails_of
from lms.schools.roster_queries import rosters_of
from lms.schools.services.classes import ClassRefused, create_class, update_class
from lms.schools.views.access import class_managed, class_seen, for_staff
from lms.schools.views.calendars import calendar_url

TIME_NAMES = ("weekday", "starts_at", "ends_at")
CLASSES_A_PAGE = 30
SESSIONS_SHOWN = 20  # of today, and of those whose roll is open: what is more, the classes tell
VILLAGES_SHOWN = 60


@require_safe
@for_staff
def my_classes(request: HttpRequest) -> HttpResponse:
    """Today's sessions first, then the rolls that are not closed, then the classes."""
    user = request.user
    classes = ClassGroup.objects.visible_to(user)
    if not (user.is_superuser or supervised_units(user) or classes.exists()):
        return render(request, "schools/classes/nothing.html")
    taught = classes.filter(teachers=user.pk)
    own = set(taught.values_list("pk", flat=True))
    sessions = (
        ClassSession.objects.visible_to(user)
        .select_related("class_group__unit")
        .annotate(mine=Exists(taught.filter(pk=OuterRef("class_group"))))
    )
    begins, ends = day_bounds(timezone.localdate())
    today = sessions.filter(starts_at__gte=begins, starts_at__lt=ends)
    today = today.order_by("-mine", "starts_at", "pk")
    open_rolls = sessions.filter(state=SessionState.PLANNED, ends_at__lt=begins)
    open_rolls = open_rolls.order_by("-mine", "-starts_at", "pk")
    query = request.GET.get("q", "").strip()
    today_lines = session_lines(today[:SESSIONS_SHOWN])
    context = {
        "today": today_lines,
        "own_today": [line for line in today_lines if line.session.class_group_id in own],
        "others_today": [line for line in today_lines if line.session.class_group_id not in own],
        "today_count": today.count(),
        "open_rolls": session_lines(open_rolls[:SESSIONS_SHOWN]),
        "open_count": open_rolls.count(),
        "classes": Paginator(_with_counts(_found(classes, query)), CLASSES_A_PAGE).get_page(
            request.GET.get("p")
        ),
        "query": query,
        "searchable": query or classes.count() > CLASSES_A_PAGE // 3,
        "may_create": manages_classes(user),
        "calendar_url": calendar_url(request) if own else None,
    }
    return render(request, "schools/classes/mine.html", context)


def _found(classes: Any, query: str) -> Any:
    if not query:
        return classes
    return classes.filter(
        Q(title__icontains=query)
        | Q(unit__name__icontains=query)
        | Q(unit__code__startswith=query)
        | Q(place__icontains=query)
    )


def _with_counts(classes: Any) -> Any:
    """What has ended comes last."""
    today = timezone.localdate()
    return (
        classes.select_related("unit")
        .annotate(
            has_ended=Q(ends_on__lt=today),
            learners=Count("enrolments", Q(enrolments__state=EnrolmentState.ENROLLED)),
        )
        .order_by("has_ended", "-starts_on", "title", "pk")
    )


@require_safe
@for_staff
def class_page(request: HttpRequest, pk: int) -> HttpResponse:
    class_group = class_seen(request.user, pk)
    return show_class(request, class_group)


def show_class(
    request: HttpRequest,
    class_group: ClassGroup,
    *,
    number_form: NumberForm | None = None,
    new_form: NewLearnerForm | None = None,
) -> HttpResponse:
    """The class's page; forms that were refused stand in it with their complaints."""
    enrolments = class_group.enrolments.select_related("learner", "recorded_by", "proxy__person")
    lines = session_lines(class_group.sessions.select_related("class_group"))
    now = timezone.now()
    context = {
        "class_group": class_group,
        "trail": trails_of([class_group.unit])[class_group.unit.path],
        "weekly_times": class_group.weekly_times.all(),
        "teachers": class_group.teachers.all(),
        "appointed": people_with_role_over(class_group.unit, Role.TEACHER),
        "ahead": [line for line in lines if line.session.ends_at >= now],
        "past": [line for line in reversed(lines) if line.session.ends_at < now],
        "enrolled": enrolments.filter(state=EnrolmentState.ENROLLED).order_by("learner__name"),
        "waiting": enrolments.filter(state=EnrolmentState.WAITING),
        "left": enrolments.filter(state=EnrolmentState.LEFT).order_by("-left_at"),
        "may_keep": ClassGroup.objects.changeable_by(request.user).filter(pk=class_group.pk),
        "rosters": rosters_of(request.user, unit=class_group.unit, class_group=class_group),
        "may_manage": ClassGroup.objects.managed_by(request.user).filter(pk=class_group.pk),
        "number_form": number_form or NumberForm(prefix="number"),
        "new_form": new_form or NewLearnerForm(prefix="new"),
        "calendar_url": calendar_url(request, class_group),
    }
    refused = number_form is not None or new_form is not None
    context["refused"] = refused
    return render(request, "schools/classes/class.html", context, status=422 if refused else 200)


@require_safe
@for_staff
def choose_village(request: HttpRequest) -> HttpResponse:
    """The first step of a new class: in which village, by code or name."""
    villages = administered_villages(request.user)
    if not villages.exists():
        raise Http404
    query = request.GET.get("q", "").strip()
    found = villages.filter(Q(name__icontains=query) | Q(code__startswith=query))
    shown = list(found[:VILLAGES_SHOWN])
    trails = trails_of(shown)
    context = {
        "query": query,
        "villages": [(village, trails[village.path]) for village in shown],
        "count": found.count(),
    }
    return render(request, "schools/classes/choose_village.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new_class(request: HttpRequest, code: str) -> HttpResponse:
    unit: Unit = get_object_or_404(administered_villages(request.user), code=code)
    return _class_form(request, unit, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit_class(request: HttpRequest, pk: int) -> HttpResponse:
    class_group = class_managed(request.user, pk)
    return _class_form(request, class_group.unit, class_group)


def _class_form(request: HttpRequest, unit: Unit, class_group: ClassGroup | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    initial: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    if class_group is not None:
        names = ("title", "kind", "place", "capacity", "starts_on", "ends_on")
        initial = {name: getattr(class_group, name) for name in names}
        initial["classroom"] = class_group.classroom_id
        initial["teachers"] = [teacher.pk for teacher in class_group.teachers.all()]
        weekly = class_group.weekly_times.all()
        rows = [{name: getattr(t, name) for name in TIME_NAMES} for t in weekly]
    form = ClassForm(data, unit=unit, class_group=class_group, initial=initial)
    # The rows that stand are given as initial ones, and blank ones fill up to seven.
    times = WeeklyTimes(data, initial=rows, prefix="times")
    if data is not None and form.is_valid() and times.is_valid():
        try:
            if class_group is None:
                class_group = create_class(
                    unit=unit, weekly_times=meeting_times(times), **form.cleaned_data
                )
            else:
                update_class(class_group, weekly_times=meeting_times(times), **form.cleaned_data)
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
    return render(request, "schools/classes/edit.html", context, status=status)
