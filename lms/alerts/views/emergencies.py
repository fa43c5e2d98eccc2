"""Emergency notices: by an officer, confirmed by a second one unless there is no time."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.alerts import services
from lms.alerts.forms import EmergencyForm, ReasonForm
from lms.alerts.models import EmergencyNotice
from lms.alerts.telling import telling_words
from lms.alerts.views.desk import done, is_officer

BACK = "alert_desk:emergency"


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def write(request: SignedInRequest) -> HttpResponse:
    if not is_officer(request):
        raise Http404
    form = EmergencyForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        notice = services.write_emergency(**form.texts(), written_by=request.user)
        if notice.alone_reason:
            said = _("发布了。一分钟之内，那里的屏幕都会看到。您为什么一个人发布，上级会看到。")
        else:
            said = _("写好了，还没有发布。请马上叫另一位管理员来看。")
        messages.success(request, said)
        return redirect(BACK, notice.pk)
    return render(
        request,
        "alerts/desk/write_emergency.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


def notice_of(request: SignedInRequest, pk: int) -> EmergencyNotice:
    """Raises Http404 for one that is not the user's to confirm or end."""
    notices = EmergencyNotice.objects.changeable_by(request.user)
    return get_object_or_404(
        notices.select_related("unit", "written_by", "confirmed_by", "narration"), pk=pk
    )


@require_safe
@for_staff
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    return show(request, notice_of(request, pk), ReasonForm())


def show(request: SignedInRequest, notice: EmergencyNotice, form: ReasonForm) -> HttpResponse:
    unseen = EmergencyNotice.objects.unseen_from_above(request.user)
    context: dict[str, Any] = {
        "notice": notice,
        "form": form,
        "events": notice.events.select_related("by"),
        "telling": telling_words(notice.unit, (notice.title, notice.todo, notice.shelter))
        if notice.is_waiting
        else [],
        "is_own": notice.written_by_id == request.user.pk,
        "may_see_from_above": unseen.filter(pk=notice.pk).exists(),
    }
    return render(
        request, "alerts/desk/emergency.html", context, status=422 if form.errors else 200
    )


@require_POST
@for_staff
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    notice = notice_of(request, pk)
    return done(
        request,
        lambda: services.confirm(notice, confirmed_by=request.user),
        said=_("发布了。一分钟之内，那里的屏幕都会看到。"),
        back=BACK,
        pk=pk,
    )


@require_POST
@for_staff
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    notice, form = notice_of(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, notice, form)
    note = form.cleaned_data["note"]
    return done(
        request,
        lambda: services.withdraw(notice, by=request.user, note=note),
        said=_("撤下了。一分钟之内，屏幕上就没有了。"),
        back=BACK,
        pk=pk,
    )


@require_POST
@for_staff
def seen(request: SignedInRequest, pk: int) -> HttpResponse:
    """An officer above has looked at what one person made public."""
    unseen = EmergencyNotice.objects.unseen_from_above(request.user)
    notice = get_object_or_404(unseen, pk=pk)
    services.see_from_above(notice, by=request.user)
    messages.success(request, _("记下了：您看过了。"))
    return redirect(BACK, pk)
