"""Staff decide about an organisation."""

from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from lms.accounts.access import SignedInRequest
from lms.manuals.choices import DecisionName
from lms.manuals.models import Organisation
from lms.manuals.review.services.decisions import (
    DecisionRefused,
    approve_organisation,
    close_organisation,
    reactivate_organisation,
    return_application,
    suspend_organisation,
)

MOST_NOTE_CHARACTERS = 300
SERVICES: Final[dict[DecisionName, Callable[..., Organisation]]] = {
    DecisionName.APPROVE: approve_organisation,
    DecisionName.RETURN: return_application,
    DecisionName.SUSPEND: suspend_organisation,
    DecisionName.REACTIVATE: reactivate_organisation,
    DecisionName.CLOSE: close_organisation,
}


def log_action_of(name: DecisionName) -> str:
    return f"manuals.{name}_organisation"


class DecisionView(PermissionCheckedMixin, View):
    """One decision, by POST; it leads back to the organisation's page."""

    model = Organisation
    permission_required = "view"
    inspect_url_name = ""  # set by the viewset

    def post(self, request: SignedInRequest, pk: int, name: DecisionName) -> HttpResponse:
        organisation = get_object_or_404(Organisation, pk=pk)
        note = request.POST.get("note", "")[:MOST_NOTE_CHARACTERS]
        try:
            SERVICES[name](organisation, by=request.user, note=note)
        except DecisionRefused as reason:
            messages.error(request, str(reason))
        else:
            log(instance=organisation, action=log_action_of(name), user=request.user)
            words = _("“%(organisation)s”已经%(decision)s。")
            messages.success(
                request, words % {"organisation": organisation, "decision": name.label}
            )
        return redirect(reverse(self.inspect_url_name, args=[pk]))
