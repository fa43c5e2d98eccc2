"""Manuals in the Wagtail admin: what waits for review and what is due to be checked again. Nothing
can be edited here; the page of a manual is the review (views/reviewing.py)."""

from datetime import timedelta
from typing import Any, ClassVar, Final

import django_filters
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Column
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from lms.manuals.choices import SHOWN_STATES, VersionState
from lms.manuals.models import Manual, ManualVersion
from lms.manuals.models.manuals import planned_revisions
from lms.manuals.review.permissions import ManualPermissionPolicy
from lms.manuals.review.services.reviews import stage_of
from lms.manuals.review.views.reviewing import (
    ReviewLooksView,
    ReviewPictureView,
    ReviewScreenView,
    ReviewView,
)

#: How many days before its review is due a manual is listed as 该重新核对.
DUE_WITHIN_DAYS = 30
#: Pages that Wagtail has for a snippet and that this viewset leaves out: all that write in a
#: manual, publish it, or answer a task of its review without our rules.
LEFT_OUT: Final = (
    "add",
    "delete",
    "usage",
    "lock",
    "unlock",
    "unpublish",
    "revisions_view",
    "revisions_revert",
    "revisions_compare",
    "revisions_unschedule",
)

register_permission_policy(Manual, ManualPermissionPolicy(Manual))


class ManualFilterSet(WagtailFilterSet):
    show = django_filters.ChoiceFilter(
        label=gettext_lazy("看哪些"),
        method="filter_show",
        empty_label=gettext_lazy("全部"),
        choices=[
            ("waiting", gettext_lazy("等待审核")),
            ("live", gettext_lazy("已上线")),
            ("due", gettext_lazy("该重新核对")),
        ],
    )

    class Meta:
        model = Manual
        fields: ClassVar = ["show"]

    def filter_show(self, manuals: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        shown = Q(live=True, product__organisation__state__in=SHOWN_STATES)
        match value:
            case "waiting":
                return manuals.filter(is_waiting=True)
            case "due":
                until = timezone.localdate() + timedelta(days=DUE_WITHIN_DAYS)
                due = manuals.filter(shown, published_version__review_due__lte=until)
                return due.order_by("published_version__review_due", "pk")
            case _:
                return manuals.filter(shown)


class ManualIndexView(IndexView):
    """The longest waiting first, then the others. Manuals of which nothing was handed in yet are
    not listed."""

    filterset_class = ManualFilterSet

    def get_base_queryset(self) -> QuerySet[Manual]:
        versions = ManualVersion.objects.filter(manual=OuterRef("pk"))
        submitted = versions.filter(state=VersionState.SUBMITTED)
        planned = planned_revisions().filter(object_id=Cast(OuterRef("pk"), CharField()))
        manuals = Manual.objects.annotate(
            is_waiting=Exists(submitted),
            waits_since=submitted.values("submitted_at")[:1],
            appears_at=planned.values("approved_go_live_at")[:1],
        )
        return (
            manuals.filter(Exists(versions.exclude(state=VersionState.DRAFT)))
            .select_related("product__organisation", "published_version")
            .order_by(F("waits_since").asc(nulls_last=True), "-last_published_at", "pk")
        )

    def order_queryset(self, queryset: QuerySet[Manual]) -> QuerySet[Manual]:
        return queryset

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Without check boxes: there is nothing to do with many at once."""
        return [c for c in super().columns if not isinstance(c, BulkActionsCheckboxColumn)]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The two lists that reviewers need most."""
        lists = [("waiting", _("等待审核")), ("due", _("该重新核对"))]
        return [
            HeaderButton(label, url=f"{reverse(self.index_url_name)}?show={show}", priority=order)
            for order, (show, label) in enumerate(lists)
        ]

    def get_list_buttons(self, instance: Manual) -> list[object]:
        return []


def status_of(manual: Manual) -> str:
    """In a word or two, for the list."""
    if manual.is_waiting:
        stage = stage_of(manual)
        return _("等待审核：%(stage)s") % {"stage": stage.label} if stage else ""
    if manual.appears_at:
        return _("等着发布：%(day)s") % {"day": timezone.localdate(manual.appears_at)}
    if manual.expired:
        return _("到了日子，收起来了")
    if not manual.live:
        return _("还没有上线")
    if manual.organisation.is_suspended:
        return _("厂商已暂停")
    version = manual.published_version
    return _("可能过时") if version and version.is_overdue else _("已上线")


def due_of(manual: Manual) -> str:
    version = manual.published_version
    return f"{version.review_due:%Y-%m-%d}" if version and version.review_due else ""


class ManualViewSet(SnippetViewSet):
    model = Manual
    icon = "doc-full"
    menu_label = gettext_lazy("厂商说明书")
    menu_order = 311
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    search_backend_name = None  # manuals are in no index of Wagtail
    list_display: ClassVar = [
        "__str__",
        Column("product", label=gettext_lazy("产品")),
        Column("organisation", label=gettext_lazy("厂商")),
        Column("status", label=gettext_lazy("状态"), accessor=status_of),
        Column("review_due", label=gettext_lazy("下次核对"), accessor=due_of),
    ]
    search_fields: ClassVar = [
        "product__brand",
        "product__model",
        "product__name",
        "product__organisation__name",
    ]
    index_view_class = ManualIndexView

    def register_chooser_viewset(self) -> None:
        """There is none: nothing refers to a manual by choosing it."""

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without the addresses of pages that are left out, so that nothing links there."""
        left_out = {f"{page}_url_name": self.UNDEFINED for page in LEFT_OUT}
        given: dict[str, Any] = super().get_common_view_kwargs(**left_out, **kwargs)
        return given

    def get_urlpatterns(self) -> list[URLPattern]:
        review_view = self.construct_view(ReviewView)
        picture_view = self.construct_view(ReviewPictureView)
        looks_view = self.construct_view(ReviewLooksView)
        screen_view = self.construct_view(ReviewScreenView)
        return [
            path("", self.index_view, name="list"),
            path("results/", self.index_results_view, name="list_results"),
            path("edit/<int:pk>/", review_view, name="edit"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history-results/<int:pk>/", self.history_results_view, name="history_results"),
            path("picture/<int:pk>/<uuid:key>/", picture_view, name="picture"),
            path("looks/<int:pk>/<slug:screen>/", looks_view, name="looks"),
            path("screen/<int:pk>/<slug:screen>/", screen_view, name="screen"),
        ]
