"""Manuals in the Wagtail admin: what waits to be judged, what is due again, and the page on which
a version is read, compared and judged. Nothing is written in them here."""

from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from lms.manuals.choices import SHOWN_STATES, VersionState
from lms.manuals.differences import differences_of
from lms.manuals.models import Manual, ManualPicture, ManualVersion, Review
from lms.manuals.models.review import may_review, reviews_manuals
from lms.manuals.services.review import ReviewRefused, approve, return_version, stage_of
from lms.manuals.simplicity import findings_of
from media.views import serve_file

#: A review that is due within these many days stands in the list of those to be looked at.
DUE_WITHIN_DAYS = 30


class ManualPermissionPolicy(ModelPermissionPolicy):
    """Reviewers read; publishing is the end of a review, and nothing else is done here."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"view", "change"} and reviews_manuals(user)


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

    def filter_show(self, manuals: Any, name: str, value: str) -> Any:
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
    """What waits comes first, and of that what waits longest. Drafts that nobody handed in are
    their makers' own."""

    filterset_class = ManualFilterSet

    def get_base_queryset(self) -> QuerySet[Manual]:
        versions = ManualVersion.objects.filter(manual=OuterRef("pk"))
        submitted = versions.filter(state=VersionState.SUBMITTED)
        manuals = Manual.objects.annotate(
            is_waiting=Exists(submitted),
            waits_since=submitted.values("submitted_at")[:1],
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
        """Without boxes to tick: there is nothing to do with many at once."""
        return [each for each in super().columns if each.name != "bulk_actions"]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The two lists that a reviewer comes for."""
        lists = [("waiting", _("等待审核")), ("due", _("该重新核对"))]
        return [
            HeaderButton(label, url=f"{reverse(self.index_url_name)}?show={show}", priority=order)
            for order, (show, label) in enumerate(lists)
        ]

    def get_list_buttons(self, instance: Manual) -> list[object]:
        return []


def standing_of(manual: Manual) -> str:
    """In a word or two, for the list."""
    if manual.is_waiting:
        stage = stage_of(manual)
        return _("等待审核：%(stage)s") % {"stage": stage.label} if stage else ""
    if not manual.live:
        return _("还没有上线")
    if manual.organisation.is_suspended:
        return _("厂商已暂停")
    version = manual.published_version
    return _("可能过时") if version and version.is_overdue else _("已上线")


def due_of(manual: Manual) -> str:
    version = manual.published_version
    return f"{version.review_due:%Y-%m-%d}" if version and version.review_due else ""


class ReviewView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The version that waits, else the newest that was handed in. `against`: the number of the
    version that it is compared with; without it, what is live, else what was returned last."""

    model = Manual
    permission_required = "change"
    template_name = "manuals/admin/review.html"
    index_url_name: str | None = None
    header_icon = "doc-full"
    page_title = gettext_lazy("审核说明书")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.manual: Manual = get_object_or_404(
            Manual.objects.select_related("product__organisation"), pk=kwargs["pk"]
        )
        seen = self.manual.versions.exclude(state=VersionState.DRAFT).with_content()
        self.versions = list(seen.order_by("-number"))
        if not self.versions:
            raise Http404

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.versions[0]
        note = request.POST.get("note", "")[:600]
        judge = return_version if "return" in request.POST else approve
        try:
            if str(version.number) != request.POST.get("number"):
                raise ReviewRefused(_("厂商又交了新的一版。请重新看。"))
            judge(version, by=request.user, note=note)
        except ReviewRefused as reason:
            messages.error(request, str(reason))
            return self.render_to_response(self.get_context_data(note=note))
        messages.success(request, self.what_came(version))
        return redirect(reverse(self.index_url_name) + "?show=waiting")

    def what_came(self, version: ManualVersion) -> str:
        version.refresh_from_db()
        match version.state:
            case VersionState.PUBLISHED:
                return _("“%(title)s”已经上线。") % {"title": version.title}
            case VersionState.RETURNED:
                return _("“%(title)s”已经退回，厂商会看到您的意见。") % {"title": version.title}
            case _:
                return _("“%(title)s”这一步通过，还要再审一次。") % {"title": version.title}

    def get_page_subtitle(self) -> str:
        return self.versions[0].title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(self.index_url_name), "label": _("厂商说明书")}
        here = {"url": "", "label": self.versions[0].title, "sublabel": ""}
        return [*self.breadcrumbs_items, index, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version, *earlier = self.versions
        against = self.against(earlier)
        waits = version.state == VersionState.SUBMITTED
        reviews = Review.objects.filter(version__manual=self.manual)
        return super().get_context_data(
            manual=self.manual,
            version=version,
            earlier=earlier,
            against=against,
            differences=differences_of(version, old=against) if against else [],
            stage=stage_of(self.manual) if waits else None,
            waits=waits,
            may_review=may_review(self.request.user, version),
            findings=findings_of(version),
            reviews=reviews.select_related("reviewer", "version"),
            **kwargs,
        )

    def against(self, earlier: list[ManualVersion]) -> ManualVersion | None:
        """None: there is no earlier version."""
        number = self.request.GET.get("against", "")
        for version in earlier:
            if str(version.number) == number:
                return version
        live = [each for each in earlier if each.state == VersionState.PUBLISHED]
        return next(iter([*live, *earlier]), None)


class ReviewPictureView(PermissionCheckedMixin, View):
    """A picture of a version that was handed in, for who reads it."""

    model = Manual
    permission_required = "view"

    def get(self, request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
        versions = ManualVersion.objects.filter(manual=pk).exclude(state=VersionState.DRAFT)
        pictures = ManualPicture.objects.filter(steps__task__version__in=versions).distinct()
        return serve_file(request, Path(get_object_or_404(pictures, key=key).file.path))


class ManualViewSet(SnippetViewSet):
    model = Manual
    icon = "doc-full"
    menu_label = gettext_lazy("厂商说明书")
    menu_order = 311
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    search_backend_name = None  # by the columns below, what is not live too
    list_display: ClassVar = [
        "__str__",
        Column("product", label=gettext_lazy("产品")),
        Column("organisation", label=gettext_lazy("厂商")),
        Column("standing", label=gettext_lazy("状态"), accessor=standing_of),
        Column("review_due", label=gettext_lazy("下次核对"), accessor=due_of),
    ]
    search_fields: ClassVar = [
        "product__brand",
        "product__model",
        "product__name",
        "product__organisation__name",
    ]
    index_view_class = ManualIndexView
    edit_view_class = ReviewView

    def register_chooser_viewset(self) -> None:
        """None: nothing refers to a manual by choosing it."""

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without what has no address here."""
        given: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        gone = ("revisions_", "usage_", "add_", "delete_", "lock_", "unlock_", "unpublish_")
        return {name: value for name, value in given.items() if not name.startswith(gone)}

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {}

    def get_urlpatterns(self) -> list[URLPattern]:
        """Those of Wagtail's that write in a snippet, or around its review, are not there."""
        kept = {"list", "list_results", "edit", "history", "history_results"}
        patterns = [each for each in super().get_urlpatterns() if each.name in kept]
        picture = self.construct_view(ReviewPictureView)
        return [*patterns, path("picture/<int:pk>/<uuid:key>/", picture, name="picture")]
