"""All products in the Wagtail admin, as a table with the columns of the national catalogue
(智慧健康养老产品及服务推广目录), for the city's reports to those who keep it."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from lms.manuals.models import Manual, Product
from lms.manuals.review.permissions import ProductPermissionPolicy

#: Pages that Wagtail has for a model and that this viewset leaves out.
LEFT_OUT = ("add", "edit", "delete", "usage", "history")

register_permission_policy(Product, ProductPermissionPolicy(Product))


class ProductFilterSet(WagtailFilterSet):
    show = django_filters.ChoiceFilter(
        label=gettext_lazy("看哪些"),
        method="filter_show",
        empty_label=gettext_lazy("全部"),
        choices=[
            ("listed", gettext_lazy("列入推广目录的")),
            ("with_manual", gettext_lazy("说明书已上线的")),
        ],
    )

    class Meta:
        model = Product
        fields: ClassVar = ["show"]

    def filter_show(self, products: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "listed":
            return products.filter(catalogue_year__isnull=False)
        return products.filter(pk__in=Manual.objects.shown().values("product"))


class ProductIndexView(generic.IndexView):
    filterset_class = ProductFilterSet
    list_export: ClassVar = [
        "catalogue_class",
        "catalogue_year",
        "catalogue_number",
        "organisation.name",
        "organisation.code",
        "name",
        "brand",
        "model",
    ]
    export_headings: ClassVar = {
        "catalogue_class": gettext_lazy("推广目录里的类别"),
        "catalogue_year": gettext_lazy("列入推广目录的年份"),
        "catalogue_number": gettext_lazy("推广目录里的序号"),
        "organisation.name": gettext_lazy("企业名称"),
        "organisation.code": gettext_lazy("统一社会信用代码"),
        "name": gettext_lazy("产品名称"),
        "brand": gettext_lazy("品牌"),
        "model": gettext_lazy("产品型号"),
    }

    def get_base_queryset(self) -> QuerySet[Any]:
        return Product.objects.select_related("organisation")

    def get_list_buttons(self, instance: Product) -> list[object]:
        return []


class ProductViewSet(ModelViewSet):
    model = Product
    name = "products"
    icon = "list-ul"
    menu_label = gettext_lazy("厂商产品")
    menu_order = 312
    add_to_admin_menu = True
    add_to_reference_index = False
    inspect_view_enabled = False
    copy_view_enabled = False
    list_per_page = 50
    export_filename = "products"
    list_display: ClassVar = [
        "__str__",
        Column("organisation", label=gettext_lazy("厂商")),
        Column("catalogue_class", label=gettext_lazy("推广目录里的类别")),
        Column("catalogue_year", label=gettext_lazy("列入推广目录的年份")),
        Column("catalogue_number", label=gettext_lazy("推广目录里的序号")),
    ]
    search_fields: ClassVar = ["brand", "model", "name", "organisation__name"]
    index_view_class = ProductIndexView

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without the addresses of pages that are left out, so that nothing links there."""
        left_out = {f"{page}_url_name": self.UNDEFINED for page in LEFT_OUT}
        given: dict[str, Any] = super().get_common_view_kwargs(**left_out, **kwargs)
        return given

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]
