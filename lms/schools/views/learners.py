"""What the school keeps of one learner: to read, to put right, and to forget."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.schools.choices import EnrolmentState
from lms.schools.learner_forms import ErasureForm, LearnerForm
from lms.schools.models import ClassGroup, Learner
from lms.schools.models.people import administered_by
from lms.schools.queries import trails_of
from lms.schools.services.people import PersonRefused, erase_learner, update_learner
from lms.schools.views.access import for_staff, learner_administered, learner_kept

ACTS_SHOWN = 50


@require_safe
@for_staff
def learner_page(request: HttpRequest, number: str) -> HttpResponse:
    learner = learner_kept(request.user, number)
    enrolments = learner.enrolments.select_related(
        "class_group__unit", "recorded_by", "proxy__person"
    ).order_by("-enrolled_at", "pk")
    marked = learner.roll_events.filter(proxy__isnull=False).select_related(
        "session__class_group", "proxy__person", "recorded_by"
    )
    context = {
        "learner": learner,
        "trail": trails_of([learner.unit])[learner.unit.path],
        "enrolments": enrolments,
        "enrolled": [each for each in enrolments if each.state == EnrolmentState.ENROLLED],
        "seen": set(
            ClassGroup.objects.visible_to(request.user)
            .filter(pk__in=[each.class_group_id for each in enrolments])
            .values_list("pk", flat=True)
        ),
        "proxies": learner.proxies.select_related("person", "recorded_by").order_by("-pk"),
        "enrolled_by_proxy": [each for each in enrolments if each.proxy_id],
        "marked_by_proxy": marked.order_by("-marked_at", "pk")[:ACTS_SHOWN],
        "may_erase": Learner.objects.filter(
            administered_by(request.user, prefix="unit__"), pk=learner.pk, erased_at__isnull=True
        ).exists(),
    }
    return render(request, "schools/classes/learner.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit_learner(request: HttpRequest, number: str) -> HttpResponse:
    learner = learner_kept(request.user, number)
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
            return redirect("classes:learner", number=number)
    context = {"learner": learner, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "schools/classes/learner_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def erase(request: HttpRequest, number: str) -> HttpResponse:
    """The page says what goes and what stays; its button does it."""
    learner = learner_administered(request.user, number)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            erase_learner(learner, reason=form.cleaned_data["reason"], erased_by=request.user)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("注销了。姓名、年份、电话和学员号都已删去，旧卡作废。"))
            return redirect("classes:mine")
    context = {
        "learner": learner,
        "form": form,
        "places": learner.enrolments.exclude(state=EnrolmentState.LEFT).count(),
        "proxies": learner.proxies.in_force().count(),
        "marks": learner.marks.count(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "schools/classes/learner_erase.html", context, status=status)
