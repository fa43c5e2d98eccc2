"""Manufacturers in the Wagtail admin: who applied, their documents, and the decisions."""

from typing import Any, ClassVar, Final

from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from lms.accounts.access import SignedInRequest
from lms.manuals.choices import DECISION_STEPS, NEEDS_A_NOTE, DecisionName
from lms.manuals.models import Organisation
from lms.manuals.review.permissions import OrganisationPermissionPolicy, may_decide
from lms.manuals.review.views.decisions import DecisionView

#: Pages that Wagtail has for a model and that this viewset leaves out.
LEFT_OUT: Final = ("add", "edit", "delete", "usage")

register_permission_policy(Organisation, OrganisationPermissionPolicy(Organisation))


class OrganisationIndexView(generic.IndexView):
    """The longest waiting first."""

    default_ordering = ("applied_at",)

    def get_edit_url(self, instance: Organisation) -> str | None:
        """Where the name in the list leads."""
        return self.get_inspect_url(instance)

    def get_list_buttons(self, instance: Organisation) -> list[object]:
        return []


class OrganisationInspectView(generic.InspectView):
    request: SignedInRequest
    page_title = gettext_lazy("厂商")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        organisation: Organisation = self.object
        possible = decisions_open(organisation)
        context.update(
            organisation=organisation,
            decisions=organisation.decisions.select_related("decided_by"),
            members=organisation.members.select_related("user"),
            products=organisation.products.all(),
            may_decide=may_decide(self.request.user, organisation),
            open_decisions=[each for each in possible if each[0] != DecisionName.CLOSE],
            may_close=any(each[0] == DecisionName.CLOSE for each in possible),
        )
        return context

    @cached_property
    def header_more_buttons(self) -> list[object]:
        return []


def decisions_open(organisation: Organisation) -> list[tuple[DecisionName, bool]]:
    """The decisions that can be taken about it now, and whether each needs a note."""
    return [
        (name, after in NEEDS_A_NOTE)
        for name, (before, after) in DECISION_STEPS.items()
        if organisation.state in before
    ]


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
    inspect_template_name = "manuals/review/organisation.html"

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without the addresses of pages that are left out, so that nothing links there."""
        left_out = {f"{page}_url_name": self.UNDEFINED for page in LEFT_OUT}
        given: dict[str, Any] = super().get_common_view_kwargs(**left_out, **kwargs)
        return given

    def get_urlpatterns(self) -> list[URLPattern]:
        decision_view = self.construct_view(DecisionView)
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history-results/<int:pk>/", self.history_results_view, name="history_results"),
            *(
                path(f"{name}/<int:pk>/", decision_view, {"name": name}, name=str(name))
                for name in DecisionName
            ),
        ]
