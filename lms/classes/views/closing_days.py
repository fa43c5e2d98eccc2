"""Closing days and holidays: what they are, and changing them, looked at before it is done."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.plain_forms import PlainForm
from lms.classes.choices import WhenClosed
from lms.classes.forms import CalendarCorrectionForm, ClosingForm, correctable_units
from lms.classes.holidays import holidays_of, made_up_days_of
from lms.classes.models import CalendarDay, ClassGroup
from lms.classes.queries import closings_for, corrections_for, in_rows
from lms.classes.services.closing_days import (
    ClosingOutcome,
    DaysRefused,
    close_days,
    correct_calendar,
    drop_correction,
    foresee,
    open_days,
)
from lms.people.models import administered_by, supervised_units
from lms.units.models import Unit

CLOSINGS_SHOWN = 100
SESSIONS_SHOWN = 30


@require_safe
@for_staff
def days_page(request: SignedInRequest) -> HttpResponse:
    user = request.user
    has_classes = ClassGroup.objects.visible_to(user).exists()
    if not (user.is_superuser or supervised_units(user) or has_classes):
        raise Http404
    return show_days(request)


def show_days(
    request: SignedInRequest,
    *,
    closing_form: ClosingForm | None = None,
    correction_form: CalendarCorrectionForm | None = None,
) -> HttpResponse:
    """The page; a form that was refused, or is looked at again, stands in it."""
    user = request.user
    administered = Unit.objects.filter(administered_by(user))
    top = administered.open().first()
    closings = closings_for(user)
    shown = list(closings[:CLOSINGS_SHOWN])
    own = administered.filter(pk__in=[row.unit_id for row in shown])
    cities = correctable_units(user)
    this_year = timezone.localdate().year
    context = {
        "closings": in_rows(shown, administered=set(own.values_list("pk", flat=True))),
        "more": closings.count() - len(shown),
        "years": [
            (year, holidays_of(year), made_up_days_of(year)) for year in (this_year, this_year + 1)
        ],
        "corrections": [
            (row, any(row.unit_id == city.pk for city in cities)) for row in corrections_for(user)
        ],
        "closing_form": closing_form
        or (ClosingForm(user=user, initial={"unit": top.name}) if top else None),
        "correction_form": correction_form
        or (CalendarCorrectionForm(user=user) if cities else None),
    }
    refused = any(form is not None and form.errors for form in (closing_form, correction_form))
    return render(request, "classes/closing_days.html", context, status=422 if refused else 200)


def _in_two_steps(
    request: SignedInRequest,
    act: Callable[[], ClosingOutcome],
    *,
    title: str,
    said: str,
    form: PlainForm | None,
    again: Callable[[], HttpResponse],
    refuse: Callable[[str], HttpResponse],
) -> HttpResponse:
    """Show what would be, then, when it is confirmed, do it. `again` shows what was filled in."""
    if "back" in request.POST:
        return again()
    confirmed = "confirm" in request.POST
    try:
        outcome = act() if confirmed else foresee(act)
    except DaysRefused as reason:
        return refuse(str(reason))
    if confirmed:
        messages.success(request, _("办好了。学员和家人要另外通知。"))
        return redirect("classes:days")
    context = {
        "title": title,
        "said": said,
        "form": form,
        "clashes": outcome.clashes,
        "groups": [
            (words, sessions[:SESSIONS_SHOWN], len(sessions))
            for words, sessions in (
                (_("要取消的课"), outcome.cancelled),
                (_("要改到新日子的课"), outcome.moved),
                (_("已经点过名或记过人数，不动的课"), outcome.left),
                (_("恢复上课的"), outcome.restored),
                (_("要补排的课"), outcome.planned),
            )
            if sessions
        ],
    }
    return render(request, "classes/closing_days_preview.html", context)


@require_POST
@for_staff
def close(request: SignedInRequest) -> HttpResponse:
    form = ClosingForm(request.POST, user=_officer(request))

    def refuse(reason: str) -> HttpResponse:
        form.add_error(None, reason)
        return show_days(request, closing_form=form)

    if not form.is_valid():
        return show_days(request, closing_form=form)
    asked = form.cleaned_data
    return _in_two_steps(
        request,
        lambda: close_days(
            unit=asked["unit"],
            first=asked["first"],
            last=asked["last"],
            reason=asked["reason"],
            then=WhenClosed(asked["then"]),
            recorded_by=request.user,
        ),
        title=_("%(unit)s停课") % {"unit": asked["unit"]},
        said=_span(asked["first"], asked["last"], asked["reason"]),
        form=form,
        again=lambda: show_days(request, closing_form=form),
        refuse=refuse,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def open_again(request: SignedInRequest, code: str, first: str, last: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.filter(administered_by(request.user)), code=code)
    begins, ends = _date(first), _date(last)
    return _in_two_steps(
        request,
        lambda: open_days(unit=unit, first=begins, last=ends),
        title=_("撤回%(unit)s的停课") % {"unit": unit},
        said=_span(begins, ends, ""),
        form=None,
        again=lambda: redirect("classes:days"),
        refuse=lambda reason: _tell(request, reason),
    )


@require_POST
@for_staff
def correct(request: SignedInRequest) -> HttpResponse:
    if not correctable_units(request.user).exists():
        raise Http404
    form = CalendarCorrectionForm(request.POST, user=request.user)

    def refuse(reason: str) -> HttpResponse:
        form.add_error(None, reason)
        return show_days(request, correction_form=form)

    if not form.is_valid():
        return show_days(request, correction_form=form)
    asked = form.cleaned_data
    what = _("照常上课") if asked["meets"] else _("放假，不上课")
    return _in_two_steps(
        request,
        lambda: correct_calendar(
            **{**asked, "then": WhenClosed(asked["then"])}, recorded_by=request.user
        ),
        title=_("%(unit)s%(what)s") % {"unit": asked["unit"], "what": what},
        said=_span(asked["day"], asked["day"], asked["reason"]),
        form=form,
        again=lambda: show_days(request, correction_form=form),
        refuse=refuse,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    own = CalendarDay.objects.filter(unit__in=correctable_units(request.user))
    correction = get_object_or_404(own.select_related("unit"), pk=pk)
    return _in_two_steps(
        request,
        lambda: drop_correction(correction),
        title=_("撤回%(unit)s的更正") % {"unit": correction.unit},
        said=_span(correction.day, correction.day, correction.reason),
        form=None,
        again=lambda: redirect("classes:days"),
        refuse=lambda reason: _tell(request, reason),
    )


def _officer(request: SignedInRequest) -> Any:
    """Whoever is an officer somewhere; else 404."""
    if not Unit.objects.filter(administered_by(request.user)).exists():
        raise Http404
    return request.user


def _date(words: str) -> date:
    try:
        day = parse_date(words)
    except ValueError:  # well written, and no day
        day = None
    if day is None:
        raise Http404
    return day


def _span(first: date, last: date, reason: str) -> str:
    days = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
    return f"{days}，{reason}" if reason else days


def _tell(request: SignedInRequest, reason: str) -> HttpResponse:
    messages.error(request, reason)
    return redirect(reverse("classes:days"))
