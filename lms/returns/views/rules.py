"""月报设置: last days, the city's form, and years without classes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.people.models import administered_by, holds_office, supervised_units
from lms.returns.city_form import BESIDES, NEEDED, TEMPLATE_MOST_MIB, sample_form
from lms.returns.deadlines import due_on, working_days
from lms.returns.errors import ReturnRefused
from lms.returns.forms import NoTeachingForm, TemplateForm, WorkingDaysForm
from lms.returns.models import NoTeaching
from lms.returns.queries import own_units, template_for, without_classes
from lms.returns.services.rules import (
    declare_no_teaching,
    keep_template,
    set_working_days,
    withdraw_no_teaching,
)
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from lms.tables import as_download
from lms.units.choices import Level
from lms.units.models import Unit, height_of

DECLARED_SHOWN = 100


@require_safe
@for_staff
def rules(request: SignedInRequest) -> HttpResponse:
    return show(request)


def show(request: SignedInRequest, *, status: int = 200, **wrong: Any) -> HttpResponse:
    """`wrong`: forms that were filled in wrongly, by their names in the template."""
    user = request.user
    if not (user.is_superuser or holds_office(user)):
        raise Http404
    offices = own_units(user)
    top = top_of(user)
    days = days_of(top)
    month = Period.of(PeriodKind.MONTH, timezone.localdate())
    declared = list(without_classes(user)[:DECLARED_SHOWN])
    mine = set(NoTeaching.objects.filter(administered_by(user, prefix="unit__")).values_list("pk"))
    context = {
        "days": [(Level(level).label, day, due_on(month, day)) for level, day in days.items()],
        "month": month,
        "days_form": WorkingDaysForm(days=days) if top in offices else None,
        "template": template_for(offices[0]) if offices else None,
        "template_form": TemplateForm(units=offices) if offices else None,
        "needed": NEEDED,
        "besides": BESIDES,
        "declared": [(each, (each.pk,) in mine) for each in declared],
        "declare_form": NoTeachingForm(user=user) if offices else None,
        **wrong,
    }
    return render(request, "returns/rules.html", context, status=status)


def top_of(user: User) -> Unit:
    """The topmost unit over the user's first one."""
    units = own_units(user) or supervised_units(user)
    path = units[0].path[: Unit.steplen] if units else ""
    top: Unit | None = Unit.objects.filter(path__startswith=path, depth=1).first()
    if top is None:
        raise Http404
    return top


def days_of(top: Unit) -> dict[str, int]:
    """Of the levels that there are under that unit, the lowest first."""
    days = working_days(top)
    levels = list(reversed(Level.values))[: height_of(top) + 1]
    return {level: days[level] for level in levels}


@require_POST
@for_staff
def set_days(request: SignedInRequest) -> HttpResponse:
    top = top_of(request.user)
    if top not in own_units(request.user):
        raise Http404
    form = WorkingDaysForm(request.POST, days=days_of(top))
    if not form.is_valid():
        return show(request, status=422, days_form=form)
    try:
        set_working_days(top, days=form.cleaned_data, by=request.user)
    except ReturnRefused as reason:
        form.add_error(None, str(reason))
        return show(request, status=422, days_form=form)
    messages.success(request, _("日子改好了，从下一次报送起用。"))
    return redirect("returns:rules")


@require_POST
@for_staff
def upload(request: SignedInRequest) -> HttpResponse:
    offices = own_units(request.user)
    if not offices:
        raise Http404
    form = TemplateForm(request.POST, request.FILES, units=offices)
    if not form.is_valid():
        return show(request, status=422, template_form=form)
    file = form.cleaned_data["file"]
    try:
        if file.size > TEMPLATE_MOST_MIB * 2**20:
            raise ReturnRefused(_("文件超过%(most)dMB。") % {"most": TEMPLATE_MOST_MIB})
        kept = keep_template(
            form.cleaned_data["unit"], content=file.read(), file_name=file.name, by=request.user
        )
    except ReturnRefused as reason:
        form.add_error("file", str(reason))
        return show(request, status=422, template_form=form)
    told = {"unit": kept.unit, "count": len(kept.names)}
    messages.success(
        request, _("“%(unit)s”和下面的月报，从现在起按这张表下载，会填%(count)d个格子。") % told
    )
    return redirect("returns:rules")


@require_safe
@for_staff
def sample(request: SignedInRequest) -> HttpResponse:
    if not (request.user.is_superuser or holds_office(request.user)):
        raise Http404
    return as_download(sample_form(), file_name=_("月报表样.xlsx"))


@require_POST
@for_staff
def declare(request: SignedInRequest) -> HttpResponse:
    if not own_units(request.user):
        raise Http404
    form = NoTeachingForm(request.POST, user=request.user)
    if not form.is_valid():
        return show(request, status=422, declare_form=form)
    said = form.cleaned_data
    try:
        declare_no_teaching(said["unit"], year=said["year"], reason=said["reason"], by=request.user)
    except ReturnRefused as reason:
        form.add_error(None, str(reason))
        return show(request, status=422, declare_form=form)
    told = {"unit": said["unit"], "year": said["year"]}
    messages.success(request, _("登记了：“%(unit)s”%(year)d年无办学，不用报月报。") % told)
    return redirect("returns:rules")


@require_POST
@for_staff
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    mine = NoTeaching.objects.filter(administered_by(request.user, prefix="unit__"))
    declared = get_object_or_404(mine.select_related("unit"), pk=pk)
    try:
        withdraw_no_teaching(declared, by=request.user)
    except ReturnRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("撤回了，“%(unit)s”以后照常报。") % {"unit": declared.unit})
    return redirect("returns:rules")
