"""Units in the Wagtail admin: the tree level by level, a page for each, and its five changes."""

from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from lms.accounts.access import Visitor
from lms.units.actions import UNDO, UNIT_ACTIONS, UnitAction, perform, preview
from lms.units.forms import TelephoneForm, UnitChangeForm
from lms.units.models import PlannedChange, Unit
from lms.units.planning import is_ahead, plan_change, withdraw_change
from lms.units.queries import (
    SEARCH_LIMIT,
    count_open_children,
    former_state,
    search_units,
    trails_of,
)
from lms.units.services.tree import UnitChangeRefused
from lms.units.services.undo import last_change

CHILDREN_SHOWN = 60
PLANNED_SHOWN = 60


class UnitPermissionPolicy(ModelPermissionPolicy):
    """Units come by import and by splitting, and are closed, not deleted; nobody adds or deletes
    one by hand."""

    def user_has_permission(self, user: Visitor, action: str) -> bool:
        return action not in {"add", "delete"} and super().user_has_permission(user, action)


register_permission_policy(Unit, UnitPermissionPolicy(Unit))


class BelowColumn(Column):
    """How many open units stand right below, and the way down to them."""

    cell_template_name = "units/below_cell.html"


class UnitIndexView(generic.IndexView):
    """The units right below one (`?parent=`), or at the top; a search goes through the tree."""

    results_template_name = "units/units_results.html"
    template_name = "units/units.html"
    search_limit = SEARCH_LIMIT

    @cached_property
    def parent(self) -> Unit | None:
        pk = self.request.GET.get("parent", "")
        if not pk or self.is_searching:
            return None
        if not pk.isdecimal():
            raise Http404
        return get_object_or_404(Unit, pk=pk)

    @cached_property
    def ancestors(self) -> list[Unit]:
        """From the top down to the parent, which is the last."""
        return [*self.parent.get_ancestors(), self.parent] if self.parent else []

    @cached_property
    def columns(self) -> list[BaseColumn]:
        columns: list[BaseColumn] = list(super().columns)
        if self.is_searching:  # else all have the parent that the trail shows
            columns.insert(1, Column("trail", label=gettext_lazy("上级")))
        return columns

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """At the top of the tree, what is planned anywhere and what could not be made."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        if not self.parent and not self.is_searching:
            planned = PlannedChange.objects.open().select_related("unit", "planned_by")
            context["planned"] = planned[:PLANNED_SHOWN]
            context["may_change"] = self.user_has_permission("change")
        return context

    def get_base_queryset(self) -> QuerySet[Unit]:
        units: QuerySet[Unit] = self.parent.get_children() if self.parent else Unit.get_root_nodes()
        return units

    def search_queryset(self, queryset: QuerySet[Unit]) -> QuerySet[Unit] | list[Unit]:
        return search_units(self.search_query) if self.is_searching else queryset

    def paginate_queryset(
        self, queryset: QuerySet[Unit] | list[Unit], page_size: int
    ) -> tuple[Paginator[Unit], Page[Unit], list[Unit], bool]:
        paginator, page, rows, has_others = super().paginate_queryset(queryset, page_size)
        units = page.object_list = list(rows)
        counts = count_open_children(units)
        trails = trails_of(units) if self.is_searching else {}
        for unit in units:
            unit.children_count = counts.get(unit.path, 0)
            unit.trail = trails.get(unit.path, "")
        return paginator, page, units, has_others

    def get_edit_url(self, instance: Unit) -> str | None:
        """The name leads to the unit's page, from where everything is done."""
        return self.get_inspect_url(instance)

    def get_list_buttons(self, instance: Unit) -> list[object]:
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = reverse(self.index_url_name)
        steps = [{"url": index, "label": self.get_page_title()}]
        steps += [{"url": f"{index}?parent={unit.pk}", "label": unit} for unit in self.ancestors]
        return [*self.breadcrumbs_items, *steps]


class UnitEditView(generic.EditView):
    def get_success_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])


class UnitInspectView(generic.InspectView):
    page_title = gettext_lazy("单位")
    history_url_name: str | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        unit: Unit = self.object
        below = unit.get_children().filter(closed_on__isnull=True)
        pasts = unit.pasts.select_related("unit", "parent").order_by("-until_date")
        may_change = self.user_has_permission("change")
        context.update(
            ancestors=unit.get_ancestors(),
            children=below[:CHILDREN_SHOWN],
            children_count=below.count(),
            pasts=[former_state(past) for past in pasts],
            successions=unit.successions.select_related("successor").order_by("on", "pk"),
            predecessions=unit.predecessions.select_related("unit").order_by("on", "pk"),
            planned=unit.planned_changes.open().select_related("planned_by"),
            may_change=may_change,
            actions=[
                (action.label, reverse(f"units:{action.slug}", args=[unit.pk]))
                for action in UNIT_ACTIONS
                if may_change and unit.is_open
            ],
            undo_url=reverse("units:undo", args=[unit.pk])
            if may_change and last_change(unit)
            else None,
        )
        return context


class UnitActionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One change in two steps, each a plain form: fill in and look, then confirm.

    The second page carries what was filled in along; its button "back" shows it again.
    """

    model = Unit
    permission_required = "change"
    template_name = "units/unit_action.html"
    index_url_name: str | None = None
    inspect_url_name: str | None = None
    action: UnitAction = UNIT_ACTIONS[0]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.unit = get_object_or_404(Unit, pk=kwargs["pk"])
        self.header_icon = self.action.icon

    def get_page_title(self) -> str:
        return str(self.action.label)

    def get_page_subtitle(self) -> str:
        return self.unit.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        steps = [
            {"url": reverse(self.index_url_name), "label": _("单位")},
            {"url": self.unit_url, "label": self.unit.name},
            {"url": "", "label": self.get_page_title(), "sublabel": self.unit.name},
        ]
        return [*self.breadcrumbs_items, *steps]

    @property
    def unit_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.unit.pk])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.action.form_class(unit=self.unit))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.action.form_class(request.POST, unit=self.unit)
        if "back" in request.POST or not form.is_valid():
            return self.show(form)
        try:
            if "confirm" not in request.POST:
                seen = preview(self.action, self.unit, form.cleaned_data)
                return self.show(form, preview=seen, ahead=is_ahead(form))
            self.make(form)
        except UnitChangeRefused as reason:
            form.add_error(None, str(reason))
            return self.show(form)
        return redirect(self.unit_url)

    def make(self, form: UnitChangeForm) -> None:
        """Now, or when its day comes. Raises UnitChangeRefused."""
        if is_ahead(form):
            plan_change(self.action, form, user=self.request.user)
            said = _("“%(unit)s”的%(action)s记下了，%(on)s自动生效，在那以前可以取消。")
        else:
            perform(self.action, self.unit, form.cleaned_data, user=self.request.user)
            said = _("“%(unit)s”的%(action)s已经办好，%(on)s起生效。")
        words = {
            "unit": self.unit.name,
            "action": self.action.label,
            "on": form.cleaned_data["on"],
        }
        messages.success(self.request, said % words)

    def show(self, form: UnitChangeForm, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **context))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            unit=self.unit, unit_url=self.unit_url, action=self.action, **kwargs
        )


class WithdrawView(PermissionCheckedMixin, View):
    """A planned change is taken back, or a refused one put away."""

    model = Unit
    permission_required = "change"
    http_method_names = ["post"]
    inspect_url_name: str | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        planned = get_object_or_404(PlannedChange.objects.select_related("unit"), pk=kwargs["pk"])
        words = {"unit": planned.unit.name, "change": planned.told}
        if withdraw_change(planned):
            messages.success(request, _("“%(unit)s”的变更取消了（%(change)s）。") % words)
        else:
            messages.error(request, _("“%(unit)s”的变更已经生效，不能取消了。") % words)
        return redirect(reverse(self.inspect_url_name, args=[planned.unit_id]))


class UnitUndoView(UnitActionView):
    """Shows at once what would be: there is nothing to fill in."""

    action = UNDO

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        change = last_change(self.unit)
        form = self.action.form_class({"change": change.token if change else ""}, unit=self.unit)
        if not form.is_valid():
            return self.show(form)
        try:
            return self.show(form, preview=preview(self.action, self.unit, form.cleaned_data))
        except UnitChangeRefused as reason:
            form.add_error(None, str(reason))
            return self.show(form)


class UnitViewSet(ModelViewSet):
    model = Unit
    name = "units"
    icon = "site"
    menu_label = gettext_lazy("单位")
    menu_order = 300
    add_to_admin_menu = True
    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar = [
        "name",
        Column("code", label=gettext_lazy("区划代码")),
        Column("get_level_display", label=gettext_lazy("级别")),
        BelowColumn("children_count", label=gettext_lazy("下级单位")),
        Column(
            "closed_on",
            label=gettext_lazy("状态"),
            accessor=lambda unit: _("在用") if unit.is_open else _("已撤销"),
        ),
    ]
    search_fields: ClassVar = ["name", "code"]  # what shows the search box; see search_units
    index_template_name = "units/units.html"
    index_results_template_name = "units/units_results.html"
    inspect_template_name = "units/unit.html"
    index_view_class = UnitIndexView
    edit_view_class = UnitEditView
    inspect_view_class = UnitInspectView

    def get_form_class(self, for_update: bool = False) -> type[ModelForm[Unit]]:
        return TelephoneForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without the page of usages: the reference index does not follow units."""
        given: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        del given["usage_url_name"]
        return given

    def get_urlpatterns(self) -> list[URLPattern]:
        """All that a list of Wagtail has but the page of usages."""
        pk = f"<{self.pk_path_converter}:pk>"
        patterns = [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path(f"edit/{pk}/", self.edit_view, name="edit"),
            path(f"delete/{pk}/", self.delete_view, name="delete"),
            path(f"history/{pk}/", self.history_view, name="history"),
            path(f"history-results/{pk}/", self.history_results_view, name="history_results"),
            path(f"inspect/{pk}/", self.inspect_view, name="inspect"),
        ]
        for action in UNIT_ACTIONS:
            view = self.construct_view(UnitActionView, action=action)
            patterns.append(path(f"{action.slug}/<int:pk>/", view, name=action.slug))
        withdraw = self.construct_view(WithdrawView)
        patterns.append(path("withdraw/<int:pk>/", withdraw, name="withdraw"))
        undo = self.construct_view(UnitUndoView)
        patterns.append(path(f"{UNDO.slug}/<int:pk>/", undo, name=UNDO.slug))
        return patterns
