"""What learners met, as officers and the police liaison read it: to be an alert, a drill, or
nothing more. Whoever answers the telephone writes it down here for them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.alerts import services
from lms.alerts.forms import DrillForm, MetForm
from lms.alerts.models import MetFraud, writes_alerts
from lms.alerts.services import AlertRefused
from lms.alerts.views.desk import require_writer
from lms.helpline.models import answers_help

MET_A_PAGE = 30


@require_safe
@for_staff
def mine(request: SignedInRequest) -> HttpResponse:
    """What nobody has looked at, by time; and how many there were, by kind."""
    require_writer(request)
    told = MetFraud.objects.visible_to(request.user).select_related("unit")
    page = Paginator(told.new(), MET_A_PAGE).get_page(request.GET.get("p"))
    by_unit = told.new().order_by().values("unit__name").annotate(count=Count("pk"))
    context = {
        "page": page,
        "by_unit": by_unit.order_by("-count", "unit__path")[:MET_A_PAGE],
        "handled": told.exclude(state="new").select_related("handled_by", "became")[:20],
    }
    return render(request, "alerts/desk/met.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def note(request: SignedInRequest) -> HttpResponse:
    """Of whoever said it on the telephone or in the office. `unit`: where they live."""
    user = request.user
    if not (writes_alerts(user) or answers_help(user)):
        raise Http404
    initial = {"unit": request.GET["unit"]} if request.GET.get("unit") else {}
    form = MetForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.tell_met(**form.told())
        messages.success(request, _("记下了，管理员和联络民警会看到。请跟他说：这不是您的错。"))
        return redirect("alert_desk:met" if writes_alerts(user) else "helpline:list")
    return render(
        request, "alerts/desk/note_met.html", {"form": form}, status=422 if form.errors else 200
    )


def met_of(request: SignedInRequest, pk: int) -> MetFraud:
    """Raises Http404 for one of another unit, or that somebody has handled."""
    told = MetFraud.objects.visible_to(request.user).new()
    return get_object_or_404(told.select_related("unit"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def drill(request: SignedInRequest, pk: int) -> HttpResponse:
    """A note to the editors, who make drills."""
    told = met_of(request, pk)
    form = DrillForm(request.POST or None, unit=told.unit, initial={"words": told.words})
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_for_drill(told, words=form.cleaned_data["words"], by=request.user)
        except AlertRefused as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("留给编辑了。"))
        return redirect("alert_desk:met")
    return render(
        request,
        "alerts/desk/drill.html",
        {"form": form, "told": told},
        status=422 if form.errors else 200,
    )


@require_POST
@for_staff
def aside(request: SignedInRequest, pk: int) -> HttpResponse:
    told = met_of(request, pk)
    try:
        services.put_aside(told, by=request.user)
    except AlertRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("放到一边了。"))
    return redirect("alert_desk:met")
