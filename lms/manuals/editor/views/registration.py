"""How a manufacturer applies for the workbench and sees how far its application is."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest
from lms.accounts.second_factor import has_second_factor
from lms.limits import allows
from lms.manuals.choices import OrganisationState
from lms.manuals.editor.forms.registration import ApplicationForm, FirstApplicationForm
from lms.manuals.editor.permissions import organisation_of
from lms.manuals.editor.services.registration import (
    DOCUMENT_NAMES,
    ApplicationRefused,
    apply_again,
    apply_for_organisation,
)
from lms.manuals.models import Organisation
from lms.manuals.review.permissions import may_decide
from media.views import serve_stored


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """What an application needs. Members of an organisation are sent to its page."""
    if Organisation.objects.of_member(request.user).exists():
        return redirect("manufacturers:application")
    return render(
        request, "manuals/editor/registration/welcome.html", {"telephone": settings.CITY_TELEPHONE}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """The application; sending it signs in and leads to the page that shows how far it is."""
    if Organisation.objects.of_member(request.user).exists():
        return redirect("manufacturers:application")
    form = FirstApplicationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if not allows(request, "manufacturer_apply"):
            form.add_error(None, _("这里今天申请的次数太多了。请过一个小时再试，或者打电话。"))
        elif organisation := _apply(form):
            user = organisation.members.get().user
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("manufacturers:application")
    return _form_page(request, "manuals/editor/registration/register.html", form)


def _apply(form: FirstApplicationForm) -> Organisation | None:
    """None when it is refused; then the form has the reason."""
    try:
        return apply_for_organisation(
            details=form.details(),
            **form.documents(),
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
        )
    except ApplicationRefused as reason:
        form.add_error(reason.field or None, str(reason))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def application(request: SignedInRequest) -> HttpResponse:
    """How far the own application is and what to do next; after a return, the form again."""
    organisation = organisation_of(request.user)
    form = None
    if organisation.state == OrganisationState.RETURNED:
        form = ApplicationForm(
            request.POST or None, request.FILES or None, organisation=organisation
        )
        if request.method == "POST" and form.is_valid():
            try:
                apply_again(organisation, details=form.details(), **form.documents())
            except ApplicationRefused as reason:
                form.add_error(reason.field or None, str(reason))
            else:
                return redirect("manufacturers:application")
    context = {
        "organisation": organisation,
        "decision": organisation.decisions.first(),
        "has_second_factor": has_second_factor(request.user),
        "asks_second_factor": getattr(settings, "STAFF_SECOND_FACTOR", False),
    }
    return _form_page(request, "manuals/editor/registration/application.html", form, **context)


@require_safe
@login_required
def document(request: SignedInRequest, pk: int, name: str) -> HttpResponseBase:
    """A photographed document, for whoever decides and for the organisation's members."""
    organisation = get_object_or_404(Organisation, pk=pk)
    own = Organisation.objects.of_member(request.user).filter(pk=pk).exists()
    if name not in DOCUMENT_NAMES or not (own or may_decide(request.user, organisation)):
        raise Http404
    return serve_stored(request, getattr(organisation, name).name)


def _form_page(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    context |= {"form": form, "telephone": settings.CITY_TELEPHONE}
    status = 422 if form is not None and form.errors else 200
    return render(request, template, context, status=status)
