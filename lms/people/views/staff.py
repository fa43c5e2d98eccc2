"""Who works where (人员): the list, one person, and what an officer does about either."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.accounts.sms import sms_gateway
from lms.accounts.telephones import in_groups
from lms.people.choices import HELPERS, Role, RoleState
from lms.people.forms import (
    AppointmentForm,
    EndForm,
    HandOverForm,
    MoveRoleForm,
    NewTelephoneForm,
    RoleForm,
    SlipForm,
    StaffSearchForm,
)
from lms.people.models import RoleAssignment, RoleEvent, supervised_units
from lms.people.queries import StaffQuestion, administered_units, staff_found, why_not_reset
from lms.people.services.errors import PersonRefused
from lms.people.services.roles import (
    appoint,
    end_role,
    find_or_make_account,
    hand_over_role,
    move_role,
)
from lms.people.services.slips import SLIP_DAYS, change_telephone, issue_slips
from lms.people.slip_paper import sign_in_address
from lms.units.models import Unit
from lms.units.queries import trails_of

ROLES_A_PAGE = 30
EVENTS_SHOWN = 100


# --- The list ---------------------------------------------------------------------------------


@require_safe
@for_staff
def staff_list(request: SignedInRequest) -> HttpResponse:
    units = _units_of(request.user)
    asked = request.GET or QueryDict("state=current")
    form = StaffSearchForm(asked, units=units)
    question = StaffQuestion(state=RoleState.CURRENT)
    if form.is_valid():
        found = form.cleaned_data
        question = StaffQuestion(found["q"], found["unit"], found["role"], found["state"])
    roles = Paginator(staff_found(request.user, question), ROLES_A_PAGE)
    page = roles.get_page(request.GET.get("p"))
    trails = trails_of([role.unit for role in page])
    kept = asked.copy()
    kept.pop("p", None)
    context = {
        "form": form,
        "page": page,
        "rows": [(role, trails[role.unit.path]) for role in page],
        "count": roles.count,
        "query": kept.urlencode(),
    }
    return render(request, "people/staff.html", context)


def _units_of(user: User) -> Any:
    """Where the user is an officer; raises Http404 when nowhere."""
    units = administered_units(user)
    if not units.exists():
        raise Http404
    return units


def _roles_to_give(user: User) -> list[Role]:
    """Only helpers, where nothing stands below the user."""
    own = supervised_units(user, roles=(Role.OFFICER,))
    below = Unit.objects.below(*own).open().exclude(pk__in=[unit.pk for unit in own])
    return list(Role) if user.is_superuser or below.exists() else list(HELPERS)


# --- One person -------------------------------------------------------------------------------


def person_kept(user: User, pk: int) -> User:
    """Somebody who works, worked or will work where the user is an officer. Else 404."""
    here = RoleAssignment.objects.visible_to(user).filter(person=pk)
    if not here.exists():
        raise Http404
    return User.objects.get(pk=pk)


@require_safe
@for_staff
def person_page(request: SignedInRequest, pk: int) -> HttpResponse:
    person = person_kept(request.user, pk)
    roles = list(
        RoleAssignment.objects.visible_to(request.user)
        .filter(person=person)
        .select_related("unit")
        .order_by("-from_date", "-pk")
    )
    changeable = set(
        RoleAssignment.objects.changeable_by(request.user)
        .filter(person=person)
        .values_list("pk", flat=True)
    )
    trails = trails_of([role.unit for role in roles])
    events = RoleEvent.objects.visible_to(request.user).filter(person=person)
    slip = getattr(person, "slip", None)
    context = {
        "person": person,
        "telephone": in_groups(person.telephone) if person.telephone else "",
        "roles": [
            (role, trails[role.unit.path], role.pk in changeable and not role.is_over)
            for role in roles
        ],
        "works": any(not role.is_over for role in roles),
        "events": events.select_related("unit", "to_unit", "other_person", "recorded_by")[
            :EVENTS_SHOWN
        ],
        "why_not_reset": why_not_reset(request.user, [person]).get(person.pk),
        "slip": slip,
        "signs_in_by_code": bool(person.telephone) and sms_gateway() is not None,
        "needs_slip": _needs_slip(person),
        "may_appoint": person != request.user or request.user.is_superuser,
    }
    return render(request, "people/person.html", context)


def _needs_slip(person: User) -> bool:
    """Whether there is no way in yet: no code comes, and there is no password."""
    by_code = bool(person.telephone) and sms_gateway() is not None
    return not by_code and not person.has_usable_password()


# --- Appointing -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def appoint_somebody(request: SignedInRequest) -> HttpResponse:
    """By name and telephone; the next page is the person's."""
    units, roles = _units_of(request.user), _roles_to_give(request.user)
    initial = {"unit": request.GET.get("unit", ""), "role": request.GET.get("role", Role.TEACHER)}
    form = AppointmentForm(_data(request), units=units, roles=roles, initial=initial)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            person = _appoint(request.user, asked)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            _tell_appointed(request, person, asked["unit"], asked["role"])
            return redirect("staff:person", pk=person.pk)
    return _page(request, "people/appoint.html", form)


@transaction.atomic
def _appoint(by: User, asked: dict[str, Any]) -> User:
    person, made = find_or_make_account(name=asked["name"], telephone=asked["telephone"])
    appoint(
        person=person,
        role=asked["role"],
        unit=asked["unit"],
        from_date=asked["from_date"],
        reason=asked["reason"],
        by=by,
        made_account=made,
    )
    return person


def _tell_appointed(request: SignedInRequest, person: User, unit: Unit, role: Role) -> None:
    words = _("办好了：%(person)s是%(unit)s的%(role)s。") % {
        "person": person.shown_name(),
        "unit": unit.name,
        "role": role.label,
    }
    if person.telephone and sms_gateway() is not None:
        words += _("请他用手机号%(number)s收验证码登录。") % {"number": in_groups(person.telephone)}
    messages.success(request, words)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def another_role(request: SignedInRequest, pk: int) -> HttpResponse:
    person = person_kept(request.user, pk)
    units, roles = _units_of(request.user), _roles_to_give(request.user)
    form = RoleForm(_data(request), units=units, roles=roles)
    if form.is_bound and form.is_valid():
        try:
            appoint(person=person, by=request.user, **form.cleaned_data)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            asked = form.cleaned_data
            _tell_appointed(request, person, asked["unit"], asked["role"])
            return redirect("staff:person", pk=pk)
    return _page(request, "people/appoint.html", form, person=person)


# --- Ending, moving, handing over -------------------------------------------------------------


def role_kept(user: User, pk: int) -> RoleAssignment:
    """One that the user may change and that is not over. Else 404."""
    roles = RoleAssignment.objects.changeable_by(user).not_over()
    return get_object_or_404(roles.select_related("person", "unit"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    role = role_kept(request.user, pk)
    form = EndForm(_data(request))
    if form.is_bound and form.is_valid():
        reason, until_date = form.cleaned_data["reason"], form.until_date()
        try:
            end_role(role, until_date=until_date, reason=reason, by=request.user)
        except PersonRefused as refused:
            form.add_error(None, str(refused))
        else:
            if until_date is None:
                words = _("结束了。%(person)s现在起看不到这里的班级和学员，手机和电脑也退出了。")
            else:
                words = _("记下了。到那天为止，%(person)s照常工作。")
            messages.success(request, words % {"person": role.person.shown_name()})
            return redirect("staff:person", pk=role.person_id)
    return _page(request, "people/role_end.html", form, role=role, person=role.person)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    role = role_kept(request.user, pk)
    form = MoveRoleForm(_data(request), units=_units_of(request.user))
    if form.is_bound and form.is_valid():
        try:
            moved = move_role(role, by=request.user, **form.cleaned_data)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(
                request,
                _("办好了：%(person)s从%(day)s起在%(unit)s。")
                % {
                    "person": role.person.shown_name(),
                    "day": moved.from_date,
                    "unit": moved.unit.name,
                },
            )
            return redirect("staff:person", pk=role.person_id)
    return _page(request, "people/role_move.html", form, role=role, person=role.person)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    role = role_kept(request.user, pk)
    here = RoleAssignment.objects.visible_to(request.user)
    colleagues = User.objects.filter(is_active=True, pk__in=here.values("person"))
    form = HandOverForm(_data(request), colleagues=colleagues)
    if form.is_bound and form.is_valid():
        try:
            successor = _hand_over(role, form.cleaned_data, by=request.user)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(
                request,
                _("交接好了：%(role)s由%(person)s接手，班级也转过去了。")
                % {"role": role.get_role_display(), "person": successor.shown_name()},
            )
            return redirect("staff:person", pk=successor.pk)
    return _page(request, "people/role_hand_over.html", form, role=role, person=role.person)


@transaction.atomic
def _hand_over(role: RoleAssignment, asked: dict[str, Any], *, by: User) -> User:
    successor = asked["colleague"]
    made = False
    if successor is None:
        successor, made = find_or_make_account(name=asked["name"], telephone=asked["telephone"])
    hand_over_role(
        role,
        successor=successor,
        on=asked["on"],
        reason=asked["reason"],
        by=by,
        made_account=made,
    )
    return successor


# --- Who cannot sign in -----------------------------------------------------------------------


def person_reset(user: User, pk: int) -> User:
    """Somebody whose password and telephone the user may set anew. Else 404."""
    person = person_kept(user, pk)
    if pk in why_not_reset(user, [person]):
        raise Http404
    return person


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def slip(request: SignedInRequest, pk: int) -> HttpResponse:
    """A POST answers with the slip itself, the only time that its password is seen."""
    person = person_reset(request.user, pk)
    form = SlipForm(
        _data(request), initial={"reason": _("第一次登录")} if _needs_slip(person) else None
    )
    if form.is_bound and form.is_valid():
        try:
            slips = issue_slips([person], reason=form.cleaned_data["reason"], by=request.user)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            context = {"person": person, "slips": slips, **sign_in_address()}
            return render(request, "people/slip.html", context)
    return _page(request, "people/slip_new.html", form, person=person, days=SLIP_DAYS)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def telephone(request: SignedInRequest, pk: int) -> HttpResponse:
    person = person_reset(request.user, pk)
    form = NewTelephoneForm(_data(request))
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            change_telephone(
                person, number=asked["telephone"], reason=asked["reason"], by=request.user
            )
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("换好了。旧手机上的登录都退出了，请他用新号码登录。"))
            return redirect("staff:person", pk=pk)
    return _page(request, "people/telephone.html", form, person=person)


# --- All of them ------------------------------------------------------------------------------


def _data(request: SignedInRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _page(request: SignedInRequest, template: str, form: Any, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **more}, status=status)
