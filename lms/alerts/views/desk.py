"""Warnings of frauds: written by one, looked at by another, taken off the screens again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.alerts import services
from lms.alerts.choices import AlertState
from lms.alerts.forms import AlertForm, ReasonForm
from lms.alerts.models import Alert, EmergencyNotice, MetFraud, writes_alerts
from lms.alerts.services import AlertRefused
from lms.alerts.telling import telling_words
from lms.people.choices import Role
from lms.people.models import supervised_units

ALERTS_A_PAGE = 30
EMERGENCIES_SHOWN = 10


def require_writer(request: SignedInRequest) -> None:
    """Raises Http404 for whoever writes no alerts anywhere."""
    if not writes_alerts(request.user):
        raise Http404


def is_officer(request: SignedInRequest) -> bool:
    user = request.user
    return user.is_superuser or bool(supervised_units(user, roles=(Role.OFFICER,)))


@require_safe
@for_staff
def mine(request: SignedInRequest) -> HttpResponse:
    """What waits for somebody, what is on screens, what was."""
    require_writer(request)
    user = request.user
    alerts = Alert.objects.changeable_by(user).select_related("unit", "written_by", "confirmed_by")
    emergencies = EmergencyNotice.objects.changeable_by(user).select_related("unit", "written_by")
    context = {
        "waiting": alerts.filter(state__in=(AlertState.WAITING, AlertState.RETURNED)),
        "live": alerts.live(),
        "earlier": Paginator(
            alerts.exclude(state__in=(AlertState.WAITING, AlertState.RETURNED)).exclude(
                pk__in=alerts.live().values("pk")
            ),
            ALERTS_A_PAGE,
        ).get_page(request.GET.get("p")),
        "emergencies": emergencies[:EMERGENCIES_SHOWN],
        "writes_emergencies": is_officer(request),
        "met_new": MetFraud.objects.visible_to(user).new().count(),
    }
    return render(request, "alerts/desk/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def write(request: SignedInRequest) -> HttpResponse:
    """`met`: what a learner told, of which it is written."""
    require_writer(request)
    told = _met_of(request)
    initial = {}
    if told is not None:
        initial = {"unit": told.unit.name, "kind": told.kind, "says": told.words[:100]}
    form = AlertForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            alert = services.write_alert(**form.texts(), written_by=request.user, made_of=told)
        except AlertRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("写好了。请另一位管理员或联络民警看过，就会发布。"))
            return redirect("alert_desk:one", alert.pk)
    return _form(request, form, told=told)


def _met_of(request: SignedInRequest) -> MetFraud | None:
    key = request.POST.get("met") or request.GET.get("met", "")
    if not key.isascii() or not key.isdigit():
        return None
    told = MetFraud.objects.visible_to(request.user).new().select_related("unit")
    return get_object_or_404(told, pk=key)


def _form(request: SignedInRequest, form: AlertForm, **more: Any) -> HttpResponse:
    context = {"form": form, **more}
    return render(request, "alerts/desk/write.html", context, status=422 if form.errors else 200)


def alert_of(request: SignedInRequest, pk: int) -> Alert:
    """Raises Http404 for one that is not the user's to change."""
    alerts = Alert.objects.changeable_by(request.user)
    return get_object_or_404(alerts.select_related("unit", "written_by", "confirmed_by"), pk=pk)


@require_safe
@for_staff
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    return show(request, alert_of(request, pk), ReasonForm())


def show(request: SignedInRequest, alert: Alert, form: ReasonForm) -> HttpResponse:
    texts = (alert.title, alert.says, alert.todo, alert.calls)
    context = {
        "alert": alert,
        "form": form,
        "events": alert.events.select_related("by"),
        "telling": telling_words(alert.unit, texts) if alert.is_waiting else [],
        "is_own": alert.written_by_id == request.user.pk,
        "read_outs": alert.read_outs.count(),
        "met": alert.met.count(),
    }
    return render(request, "alerts/desk/one.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    alert = alert_of(request, pk)
    if alert.state not in (AlertState.WAITING, AlertState.RETURNED):
        raise Http404
    names = ("kind", "title", "says", "todo", "calls")
    initial: dict[str, Any] = {name: getattr(alert, name) for name in names}
    initial |= {
        "unit": alert.unit.code,
        "first_day": timezone.localdate(alert.starts_at),
        "last_day": timezone.localdate(alert.ends_at) - timedelta(days=1),
    }
    form = AlertForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_alert(alert, changed_by=request.user, **form.texts())
        except AlertRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("改好了。请另一个人看过，就会发布。"))
            return redirect("alert_desk:one", alert.pk)
    return _form(request, form, alert=alert)


def done(
    request: SignedInRequest, act: Callable[[], object], *, said: str, back: str, pk: int
) -> HttpResponse:
    """Do it, say so or why not, and show the text again."""
    try:
        act()
    except AlertRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, said)
    return redirect(back, pk)


@require_POST
@for_staff
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    alert = alert_of(request, pk)
    return done(
        request,
        lambda: services.confirm(alert, confirmed_by=request.user),
        said=_("发布了。一分钟之内，那里的屏幕都会看到。"),
        back="alert_desk:one",
        pk=pk,
    )


@require_POST
@for_staff
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    alert, form = alert_of(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, alert, form)
    note = form.cleaned_data["note"]
    return done(
        request,
        lambda: services.send_back(alert, by=request.user, note=note),
        said=_("退回了。"),
        back="alert_desk:one",
        pk=pk,
    )


@require_POST
@for_staff
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    alert, form = alert_of(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, alert, form)
    note = form.cleaned_data["note"]
    return done(
        request,
        lambda: services.withdraw(alert, by=request.user, note=note),
        said=_("撤下了。一分钟之内，屏幕上就没有了。"),
        back="alert_desk:one",
        pk=pk,
    )
