"""Where a teacher begins: today's sessions, rolls that are not closed, and the classes."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.attendance.queries import missed_in_a_row, session_lines
from lms.classes.choices import EnrolmentState, SessionState
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.queries import manages_classes, villages_for_classes
from lms.classes.views.calendars import calendar_url
from lms.classes.wall_clock import day_bounds
from lms.people.choices import Looked
from lms.people.models import supervised_units
from lms.people.services.looks import note_look

CLASSES_A_PAGE = 30
SESSIONS_SHOWN = 20  # of today, and of those whose roll is open: what is more, the classes tell


@require_safe
@for_staff
def my_classes(request: SignedInRequest) -> HttpResponse:
    """Today's sessions first, then the rolls that are not closed, then the classes."""
    user = request.user
    classes = ClassGroup.objects.visible_to(user)
    opens = villages_for_classes(user).exists()
    if not (user.is_superuser or supervised_units(user) or opens or classes.exists()):
        return render(request, "attendance/nothing.html")
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
    missed = missed_in_a_row(taught.filter(ends_on__gte=timezone.localdate()))
    note_look(user, Looked.MISSED, rows=len({each.learner.pk for each in missed}))
    today_lines = session_lines(today[:SESSIONS_SHOWN])
    context = {
        "today": today_lines,
        "own_today": [line for line in today_lines if line.session.class_group_id in own],
        "others_today": [line for line in today_lines if line.session.class_group_id not in own],
        "today_count": today.count(),
        "open_rolls": session_lines(open_rolls[:SESSIONS_SHOWN]),
        "open_count": open_rolls.count(),
        "missed": missed,
        "classes": Paginator(_with_counts(_found(classes, query)), CLASSES_A_PAGE).get_page(
            request.GET.get("p")
        ),
        "query": query,
        "searchable": query or classes.count() > CLASSES_A_PAGE // 3,
        "may_create": opens,
        "may_register": manages_classes(user),
        "calendar_url": calendar_url(request) if own else None,
    }
    return render(request, "attendance/mine.html", context)


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
