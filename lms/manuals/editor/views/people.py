"""Who works in an organisation: owners invite, remove and say who does what."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.paper import address_of
from lms.accounts.models import User
from lms.limits import allows
from lms.manuals.choices import MemberRole
from lms.manuals.editor.forms.people import InvitationForm
from lms.manuals.editor.forms.registration import JoinForm
from lms.manuals.editor.permissions import MemberRequest, for_members
from lms.manuals.editor.services.people import (
    INVITATION_DAYS,
    PeopleRefused,
    change_role,
    invite,
    is_owner,
    join,
    open_invitation,
    remove_member,
    withdraw_invitation,
)
from lms.manuals.editor.services.registration import ApplicationRefused, make_account


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def people(request: MemberRequest) -> HttpResponse:
    """After an invitation, its link: it is shown once."""
    form, link = InvitationForm(), ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "invite":
                form, link = _invited(request)
            else:
                _act(request)
                return redirect("workbench:people")
        except PeopleRefused as reason:
            messages.error(request, str(reason))
            return redirect("workbench:people")
    context = {
        "members": request.organisation.members.select_related("user"),
        "invitations": request.organisation.invitations.filter(ends_at__gt=timezone.now()),
        "is_owner": is_owner(request.organisation, request.user),
        "form": form,
        "link": link,
        "days": INVITATION_DAYS,
    }
    status = 422 if form.errors else 200
    return render(request, "manuals/editor/people.html", context, status=status)


def _invited(request: MemberRequest) -> tuple[InvitationForm, str]:
    """The form, and the link that it led to; "" when it has errors. Raises PeopleRefused."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return form, ""
    _invitation, token = invite(
        request.organisation,
        name=form.cleaned_data["name"],
        role=MemberRole(form.cleaned_data["role"]),
        by=request.user,
    )
    return InvitationForm(), address_of(reverse("manufacturers:join", args=[token]))


def _act(request: MemberRequest) -> None:
    """Raises PeopleRefused, and Http404 for another's people."""
    name, _colon, number = request.POST.get("do", "").partition(":")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    if name == "withdraw":
        invitation = get_object_or_404(request.organisation.invitations, pk=pk)
        withdraw_invitation(invitation, by=request.user)
        return
    members = request.organisation.members.select_related("user", "organisation")
    member = get_object_or_404(members, pk=pk)
    match name:
        case "remove":
            remove_member(member, by=request.user)
            said = {"who": member.user.get_full_name() or member.user.get_username()}
            messages.success(request, _("%(who)s不能再进工作台了，写过的都在。") % said)
        case MemberRole.OWNER | MemberRole.EDITOR:
            change_role(member, role=MemberRole(name), by=request.user)
        case _:
            raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join_page(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link joins with the account that he is signed in with, or makes one."""
    invitation = open_invitation(token)
    if invitation is None:
        return render(request, "manuals/editor/registration/join_over.html", status=404)
    form = None if request.user.is_authenticated else JoinForm(request.POST or None)
    if request.method == "POST" and _joined(request, token, form):
        return redirect("workbench:home")
    context = {"invitation": invitation, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "manuals/editor/registration/join.html", context, status=status)


def _joined(request: HttpRequest, token: str, form: JoinForm | None) -> bool:
    """False when it was refused; then the form, or a message, has the reason."""
    try:
        if isinstance(request.user, User):
            join(token, user=request.user)
            return True
        if form is None or not form.is_valid():
            return False
        with transaction.atomic():
            user = _new_account(request, form)
            join(token, user=user)
    except PeopleRefused as reason:
        messages.error(request, str(reason))
        return False
    except ApplicationRefused as reason:
        if form is not None:
            form.add_error(reason.field or None, str(reason))
        return False
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return True


def _new_account(request: HttpRequest, form: JoinForm) -> User:
    """Raises ApplicationRefused."""
    if not allows(request, "manufacturer_apply"):
        raise ApplicationRefused("", _("这里今天申请的次数太多了。请过一个小时再试，或者打电话。"))
    typed = form.cleaned_data
    return make_account(typed["username"], typed["password"], contact=typed["name"])
