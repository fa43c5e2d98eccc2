"""单位, as officers see it: their own and those below, and the changes that they may make there."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.accounts.plain_forms import PlainForm
from lms.people.choices import Role
from lms.people.models import RoleAssignment, administered_by, supervised_units
from lms.people.queries import administered_units
from lms.units.actions import UNDO, UNIT_ACTIONS, UnitAction, perform, preview
from lms.units.forms import UnitChangeForm
from lms.units.models import Unit, path_below
from lms.units.queries import count_open_children, former_state, open_units_below, trails_of
from lms.units.services.tree import UnitChangeRefused
from lms.units.services.undo import last_change

UNITS_A_PAGE = 30
ACTIONS = {action.slug: action for action in (*UNIT_ACTIONS, UNDO)}


class UnitTelephoneForm(PlainForm):
    telephone = forms.CharField(
        label=gettext_lazy("电话"),
        help_text=gettext_lazy("求助页上给长辈看的号码。"),
        max_length=20,
        required=False,
    )


def unit_kept(user: User, code: str) -> Unit:
    """One of the user's or below, closed ones too. Else 404."""
    unit: Unit = get_object_or_404(Unit.objects.filter(administered_by(user)), code=code)
    return unit


def changes_unit(user: User, unit: Unit) -> bool:
    """Whether the unit stands below one of the user's own: nobody changes where he himself is."""
    own = supervised_units(user, roles=(Role.OFFICER,))
    return user.is_superuser or any(
        unit.depth > top.depth and unit.path.startswith(top.path) for top in own
    )


@require_safe
@for_staff
def my_units(request: SignedInRequest) -> HttpResponse:
    """Straight to the one unit that is the user's; a list of them for who has several."""
    if request.user.is_superuser:
        units = list(Unit.objects.filter(depth=1))
    else:
        units = supervised_units(request.user, roles=(Role.OFFICER,))
    if not units:
        raise Http404
    if len(units) == 1:
        return redirect("staff:unit", units[0].code)
    trails = trails_of(units)
    shown = [(unit, trails[unit.path], 0) for unit in units]
    return render(request, "people/units.html", {"units": shown})


@require_safe
@for_staff
def unit_page(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_kept(request.user, code)
    query = request.GET.get("q", "").strip()
    below = open_units_below(unit)
    if query:
        below = below.filter(Q(name__icontains=query) | Q(code__startswith=query))
    else:
        below = below.filter(depth=unit.depth + 1)
    page = Paginator(below, UNITS_A_PAGE).get_page(request.GET.get("p"))
    children, trails = count_open_children(list(page)), trails_of(list(page))
    people = RoleAssignment.objects.current()
    context = {
        "unit": unit,
        "trail": trails_of([unit])[unit.path],
        "above": unit.get_parent() if changes_unit(request.user, unit) else None,
        "page": page,
        "units": [(each, trails[each.path], children.get(each.path, 0)) for each in page],
        "query": query,
        "people_here": people.filter(unit=unit).count(),
        "people_below": people.filter(path_below(unit, prefix="unit__")).count(),
        "pasts": [former_state(each) for each in unit.pasts.select_related("unit", "parent")],
        "actions": UNIT_ACTIONS if unit.is_open and changes_unit(request.user, unit) else (),
        "undo": UNDO if changes_unit(request.user, unit) and last_change(unit) else None,
    }
    return render(request, "people/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def unit_telephone(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_kept(request.user, code)
    data = request.POST if request.method == "POST" else None
    form = UnitTelephoneForm(data, initial={"telephone": unit.telephone})
    if form.is_bound and form.is_valid():
        Unit.objects.filter(pk=unit.pk).update(telephone=form.cleaned_data["telephone"])
        messages.success(request, _("改好了。"))
        return redirect("staff:unit", code)
    status = 422 if form.is_bound else 200
    context = {"unit": unit, "form": form}
    return render(request, "people/unit_telephone.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def change_unit(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    """In two steps, each a plain form, as in the admin: fill in and look, then confirm."""
    unit = unit_kept(request.user, code)
    action = ACTIONS.get(slug)
    if action is None or not changes_unit(request.user, unit):
        raise Http404
    form = _change_form(request, action, unit)
    shown = None
    if form.is_bound and "back" not in request.POST and form.is_valid():
        try:
            if "confirm" in request.POST:
                perform(action, unit, form.cleaned_data, user=request.user)
                return _changed(request, action, unit, form)
            shown = preview(action, unit, form.cleaned_data)
        except UnitChangeRefused as reason:
            form.add_error(None, str(reason))
    context = {"unit": unit, "action": action, "form": form, "preview": shown}
    status = 422 if form.errors else 200
    return render(request, "people/unit_change.html", context, status=status)


def _change_form(request: SignedInRequest, action: UnitAction, unit: Unit) -> UnitChangeForm:
    """Taking a change back has nothing to fill in, and is shown at once."""
    data: Any = request.POST if request.method == "POST" else None
    if data is None and action is UNDO:
        change = last_change(unit)
        data = {"change": change.token if change else ""}
    form = action.form_class(data, unit=unit)
    form.look_among(administered_units(request.user))
    for field in form.visible_fields():
        if not isinstance(field.field.widget, forms.RadioSelect):
            field.field.widget.attrs["class"] = "field__input"
    return form


def _changed(
    request: SignedInRequest, action: UnitAction, unit: Unit, form: UnitChangeForm
) -> HttpResponse:
    said = {"unit": unit.name, "action": action.label, "on": form.cleaned_data["on"]}
    messages.success(request, _("“%(unit)s”的%(action)s已经办好，%(on)s起生效。") % said)
    return redirect("staff:unit", unit.code)
