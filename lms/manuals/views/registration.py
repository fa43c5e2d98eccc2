"""How a manufacturer asks to be let in, and sees how far that is."""

from pathlib import Path
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.second_factor import has_second_factor
from lms.manuals.choices import OrganisationState
from lms.manuals.models import Organisation
from lms.manuals.permissions import organisation_of
from lms.manuals.registration_forms import ApplicationForm, FirstApplicationForm
from lms.manuals.services.decisions import may_decide
from lms.manuals.services.registration import (
    ApplicationRefused,
    apply_again,
    apply_for_organisation,
)
from media.views import serve_file

PAPERS = ("licence", "authorisation")


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """What it takes, and the two ways on. Whoever works for one comes to his own page."""
    if Organisation.objects.of_member(request.user).exists():
        return redirect("manufacturers:application")
    return render(
        request, "manuals/registration/welcome.html", {"telephone": settings.CITY_TELEPHONE}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """The application. It ends signed in, on the page that tells how far it is."""
    if Organisation.objects.of_member(request.user).exists():
        return redirect("manufacturers:application")
    form = FirstApplicationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="manufacturer_apply"):
            form.add_error(None, _("这里今天申请的次数太多了。请过一个小时再试，或者打电话。"))
        elif organisation := _apply(form):
            user = organisation.members.get().user
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("manufacturers:application")
    return _form_page(request, "manuals/registration/register.html", form)


def _apply(form: FirstApplicationForm) -> Organisation | None:
    """None, and a complaint in the form, when it is refused."""
    try:
        return apply_for_organisation(
            particulars=form.particulars(),
            **form.papers(),
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
        )
    except ApplicationRefused as reason:
        form.add_error(reason.field or None, str(reason))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def application(request: HttpRequest) -> HttpResponse:
    """How far one's own is, whatever its state, and what to do next; after a return, the form."""
    organisation = organisation_of(request.user)
    form = None
    if organisation.state == OrganisationState.RETURNED:
        form = ApplicationForm(
            request.POST or None, request.FILES or None, organisation=organisation
        )
        if request.method == "POST" and form.is_valid():
            try:
                apply_again(organisation, particulars=form.particulars(), **form.papers())
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
    return _form_page(request, "manuals/registration/application.html", form, **context)


@require_safe
@login_required
def paper(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A paper, for whoever decides and for the organisation's own people."""
    organisation = get_object_or_404(Organisation, pk=pk)
    own = Organisation.objects.of_member(request.user).filter(pk=pk).exists()
    if name not in PAPERS or not (own or may_decide(request.user, organisation)):
        raise Http404
    return serve_file(request, Path(getattr(organisation, name).path))


def _form_page(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    context |= {"form": form, "telephone": settings.CITY_TELEPHONE}
    status = 422 if form is not None and form.errors else 200
    return render(request, template, context, status=status)
