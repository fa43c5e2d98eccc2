"""Manufacturers in the Wagtail admin: who applied, what they showed, and what is decided."""

from typing import Any, ClassVar, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from lms.manuals.choices import NEEDS_A_NOTE, ORGANISATION_STEPS, OrganisationState
from lms.manuals.models import Organisation
from lms.manuals.services import decisions

#: What each decision is called on its button, and the verb that takes it.
DECISIONS: Final[dict[str, tuple[OrganisationState, Any, Any]]] = {
    "approve": (OrganisationState.ACTIVE, gettext_lazy("通过"), decisions.approve_organisation),
    "return": (OrganisationState.RETURNED, gettext_lazy("退回修改"), decisions.return_application),
    "suspend": (OrganisationState.SUSPENDED, gettext_lazy("暂停"), decisions.suspend_organisation),
    "reactivate": (
        OrganisationState.ACTIVE,
        gettext_lazy("恢复"),
        decisions.reactivate_organisation,
    ),
    "close": (OrganisationState.CLOSED, gettext_lazy("退出"), decisions.close_organisation),
}
#: For whom each is; a decision of ORGANISATION_STEPS may have two names.
ONLY_FROM: Final = {
    "approve": OrganisationState.APPLIED,
    "reactivate": OrganisationState.SUSPENDED,
}


class OrganisationPermissionPolicy(ModelPermissionPolicy):
    """One right for all: whoever decides looks. Nobody adds, edits or deletes one by hand."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and user.has_perm("manuals.decide_organisation")


register_permission_policy(Organisation, OrganisationPermissionPolicy(Organisation))


def decisions_open(organisation: Organisation) -> list[tuple[str, Any, bool]]:
    """Name, label and whether it needs a note, of what may be decided now."""
    return [
        (name, label, state in NEEDS_A_NOTE)
        for name, (state, label, _verb) in DECISIONS.items()
        if organisation.state in ORGANISATION_STEPS[state]
        and ONLY_FROM.get(name, organisation.state) == organisation.state
    ]


class OrganisationIndexView(generic.IndexView):
    """Whoever waits comes first."""

    default_ordering = ("applied_at",)

    def get_edit_url(self, instance: Organisation) -> str | None:
        return self.get_inspect_url(instance)

    def get_list_buttons(self, instance: Organisation) -> list[object]:
        return []


class OrganisationInspectView(generic.InspectView):
    page_title = gettext_lazy("厂商")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        organisation: Organisation = self.object
        context.update(
            organisation=organisation,
            decisions=organisation.decisions.select_related("decided_by"),
            members=organisation.members.select_related("user"),
            products=organisation.products.all(),
            may_decide=decisions.may_decide(self.request.user, organisation),
            open_decisions=[each for each in decisions_open(organisation) if each[0] != "close"],
            may_close=organisation.state in ORGANISATION_STEPS[OrganisationState.CLOSED],
        )
        return context

    @cached_property
    def header_more_buttons(self) -> list[object]:
        return []


class DecisionView(PermissionCheckedMixin, View):
    """One decision, by POST; the page of the organisation says what came of it."""

    model = Organisation
    permission_required = "view"
    inspect_url_name: str | None = None

    def post(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        organisation = get_object_or_404(Organisation, pk=pk)
        _state, label, verb = DECISIONS[name]
        try:
            verb(organisation, by=request.user, note=request.POST.get("note", "")[:300])
        except decisions.DecisionRefused as reason:
            messages.error(request, str(reason))
        else:
            log(instance=organisation, action=f"manuals.{name}_organisation", user=request.user)
            words = _("“%(organisation)s”已经%(decision)s。")
            messages.success(request, words % {"organisation": organisation, "decision": label})
        return redirect(reverse(self.inspect_url_name, args=[pk]))


class OrganisationViewSet(ModelViewSet):
    model = Organisation
    name = "organisations"
    icon = "group"
    menu_label = gettext_lazy("厂商")
    menu_order = 310
    add_to_admin_menu = True
    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 50
    exclude_form_fields: ClassVar = ["licence", "authorisation"]
    list_display: ClassVar = [
        "name",
        Column("get_state_display", label=gettext_lazy("状态"), sort_key="state"),
        Column("code", label=gettext_lazy("统一社会信用代码")),
        Column("contact", label=gettext_lazy("联系人")),
        DateColumn("applied_at", label=gettext_lazy("申请时间"), sort_key="applied_at"),
    ]
    list_filter: ClassVar = ["state"]
    search_fields: ClassVar = ["name", "code"]
    index_view_class = OrganisationIndexView
    inspect_view_class = OrganisationInspectView
    inspect_template_name = "manuals/admin/organisation.html"

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        for name in ("usage_url_name", "edit_url_name", "delete_url_name", "add_url_name"):
            given.pop(name)
        return given

    def get_urlpatterns(self) -> list[URLPattern]:
        kept = {"index", "index_results", "inspect", "history", "history_results"}
        patterns = [each for each in super().get_urlpatterns() if each.name in kept]
        view = self.construct_view(DecisionView)
        decide = [path(f"{name}/<int:pk>/", view, {"name": name}, name=name) for name in DECISIONS]
        return [*patterns, *decide]
