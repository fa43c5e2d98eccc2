"""Subtitle tracks in the Wagtail admin: what was made, what needs a person's eye, downloads."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CreateView as SnippetCreateView
from wagtail.snippets.views.snippets import IndexView as SnippetIndexView
from wagtail.snippets.views.snippets import SnippetViewSet

from subtitles.cues.problems import Reason
from subtitles.models import HotWord, Track, is_open_hole
from subtitles.review import desk
from subtitles.review.queries import frequent_corrections


class TrackPermissionPolicy(ModelPermissionPolicy):
    """Tracks are made by the pipeline, one a video and language; nobody adds one by hand."""

    def user_has_permission(self, user: AbstractUser | AnonymousUser, action: str) -> bool:
        return action not in {"add", "delete"} and super().user_has_permission(user, action)


register_permission_policy(Track, TrackPermissionPolicy(Track))


class TrackIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Track]:
        return (
            super()
            .get_base_queryset()
            .select_related("video")
            .annotate(
                cue_count=Count("cues"),
                doubtful_count=Count("cues", filter=~Q(cues__problems=[])),
                hole_count=Count("cues", filter=is_open_hole("cues__")),
            )
        )

    def get_edit_url(self, instance: Track) -> str | None:
        if self.request.user.has_perm("subtitles.change_track"):
            return reverse("tracks:desk", args=[instance.pk])
        return self.get_inspect_url(instance)


class TrackInspectView(generic.InspectView):
    page_title = gettext_lazy("字幕")

    def get_object(self, queryset: QuerySet[Track] | None = None) -> Track:
        tracks = Track.objects.select_related("video").prefetch_related("cues")
        return get_object_or_404(tracks, pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["cues"] = [
            (cue, [Reason(code).label for code in cue.problems]) for cue in self.object.cues.all()
        ]
        return context


class TrackEditView(generic.EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A track is edited at the desk, which asks who may."""
        return redirect("tracks:desk", self.kwargs["pk"])


class TrackViewSet(ModelViewSet):
    model = Track
    name = "tracks"
    icon = "openquote"
    menu_label = gettext_lazy("字幕")
    menu_order = 260
    add_to_admin_menu = True
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields: ClassVar = ["state"]
    list_display: ClassVar = [
        "__str__",
        Column("get_state_display", label=gettext_lazy("核对情况")),
        NumberColumn("cue_count", label=gettext_lazy("条数"), classname="on-wide-screens"),
        NumberColumn("doubtful_count", label=gettext_lazy("要看一看的")),
        NumberColumn("hole_count", label=gettext_lazy("没听清的")),
        Column("engine", label=gettext_lazy("识别程序"), classname="on-wide-screens"),
        DateColumn("made_at", label=gettext_lazy("生成时间")),
    ]
    index_view_class = TrackIndexView
    edit_view_class = TrackEditView
    inspect_view_class = TrackInspectView
    inspect_template_name = "subtitles/admin/track.html"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), *desk.urlpatterns()]


class HotWordIndexView(SnippetIndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["offers"] = frequent_corrections()
        return context


class HotWordCreateView(SnippetCreateView):
    def get_initial_form_instance(self) -> HotWord:
        """An offer of the list comes filled in."""
        sent = self.request.GET
        return HotWord(word=sent.get("word", "")[:20], heard=sent.get("heard", "")[:20])


class HotWordViewSet(SnippetViewSet):
    """The words that recognition and line ends must know; corrections made often offer theirs."""

    model = HotWord
    icon = "list-ul"
    menu_label = gettext_lazy("常用词")
    menu_order = 261
    add_to_admin_menu = True
    list_display: ClassVar = [
        "word",
        "heard",
        DateColumn("created_at", label=gettext_lazy("加入时间")),
    ]
    list_per_page = 50
    search_fields: ClassVar = ["word"]
    add_view_class = HotWordCreateView
    index_view_class = HotWordIndexView
    index_template_name = "subtitles/admin/hot_words.html"
