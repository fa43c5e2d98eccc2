"""Videos in the Wagtail admin: upload, list with progress, status page, chooser."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.forms import ModelForm, Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from media.ffmpeg.abilities import FfmpegUnfit, choose_ffmpeg
from media.forms import VideoDetailsForm
from media.models import Upload, Video
from media.pipeline import publishing, services
from media.pipeline.processing import title_on_card
from media.pipeline.queries import progress_of
from media.pipeline.requeue import requeue_outdated
from media.uploads import services as uploads
from media.uploads.forms import VideoUploadForm
from media.uploads.tus import UploadsView, UploadView


class ProgressColumn(Column):
    """A progress bar that lms/static/admin/video-progress.js keeps up to date."""

    cell_template_name = "media/admin/progress_cell.html"

    def get_value(self, instance: Video) -> Any:
        return progress_of(instance)

    class Media:
        js: ClassVar = [Script("admin/video-progress.js", type="module")]
        css: ClassVar = {"all": ["admin/video-progress.css"]}


class VideoIndexView(generic.IndexView):
    template_name = "media/admin/video_index.html"

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds which FFmpeg is used, or why none can be, for the administrator."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        try:
            chosen = choose_ffmpeg()
        except FfmpegUnfit as reason:
            return context | {"ffmpeg_fault": str(reason)}
        return context | {"ffmpeg": chosen, "ffmpeg_fault": chosen.shortcoming}

    def get_base_queryset(self) -> QuerySet[Video]:
        return super().get_base_queryset().prefetch_related("stages", "renditions")

    def get_edit_url(self, instance: Video) -> str:
        """The title links to the status page, which is what people want after an upload."""
        return reverse("videos:inspect", args=[instance.pk])


class VideoCreateView(generic.CreateView):
    template_name = "media/admin/video_create.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["waiting_uploads"] = Upload.objects.of(self.request.user).waiting()
        return context

    def get_success_url(self) -> str:
        return reverse("videos:inspect", args=[self.object.pk])


class VideoEditView(generic.EditView):
    def save_instance(self) -> Video:
        """Requeues the stages that depend on what was changed: the language and the chosen sound,
        and the title where it stands on a title card."""
        video: Video = super().save_instance()
        changed = set(self.form.changed_data)
        if changed & {"spoken_language", "chosen_sound"} or title_on_card(video):
            requeue_outdated(video)
        return video


class VideoDeleteView(generic.DeleteView):
    def delete_action(self) -> None:
        publishing.delete_video(self.object)


class VideoStatusView(generic.InspectView):
    page_title = gettext_lazy("处理进度")

    def get_object(self, queryset: QuerySet[Video] | None = None) -> Video:
        videos = Video.objects.prefetch_related("stages", "renditions")
        return get_object_or_404(videos, pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["progress"] = progress_of(self.object)
        return context


@require_POST
@permission_required("media.change_video")
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    services.try_again(get_object_or_404(Video, pk=pk))
    messages.success(request, _("已经重新排队，马上再试。"))
    return redirect("videos:inspect", pk)


@require_POST
@permission_required("media.add_video")
def forget_upload(request: HttpRequest, key: UUID) -> HttpResponse:
    """A button for people, beside an unfinished upload. Programs send DELETE."""
    uploads.forget_upload(get_object_or_404(Upload.objects.of(request.user), key=key))
    messages.success(request, _("已经删掉没有传完的部分。"))
    return redirect("videos:add")


class VideoViewSet(ModelViewSet):
    model = Video
    name = "videos"
    icon = "media"
    menu_label = gettext_lazy("视频")
    menu_order = 250
    add_to_admin_menu = True
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display: ClassVar = [
        "title",
        ProgressColumn("progress", label=gettext_lazy("进度")),
        Column(
            "get_spoken_language_display",
            label=gettext_lazy("语言"),
            classname="on-wide-screens",
        ),
        DateColumn("created_at", label=gettext_lazy("上传时间")),
    ]
    search_fields: ClassVar = ["title"]
    index_view_class = VideoIndexView
    add_view_class = VideoCreateView
    delete_view_class = VideoDeleteView
    edit_view_class = VideoEditView
    inspect_view_class = VideoStatusView
    inspect_template_name = "media/admin/video_status.html"

    def get_form_class(self, for_update: bool = False) -> type[ModelForm[Video]]:
        return VideoDetailsForm if for_update else VideoUploadForm

    def get_urlpatterns(self) -> list[URLPattern]:
        tus = {"permission": "media.add_video"}
        return [
            *super().get_urlpatterns(),
            path("try-again/<int:pk>/", try_again, name="try_again"),
            path("uploads/", UploadsView.as_view(**tus), name="uploads"),
            path("uploads/<uuid:key>/", UploadView.as_view(**tus), name="upload"),
            path("uploads/<uuid:key>/forget/", forget_upload, name="forget_upload"),
        ]


class FormKnowsItsUser:
    """Passes `for_user` to a chooser's form, as Wagtail's own views do elsewhere."""

    request: HttpRequest

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_creation_form_kwargs(), "for_user": self.request.user}  # type: ignore[misc]


class VideoChooseView(FormKnowsItsUser, chooser.ChooseView):
    pass


class VideoChosenCreateView(FormKnowsItsUser, chooser.CreateView):
    pass


class VideoChooserViewSet(ChooserViewSet):
    model = Video
    name = "video_chooser"
    icon = "media"
    choose_one_text = gettext_lazy("选择视频")
    choose_another_text = gettext_lazy("换一个视频")
    edit_item_text = gettext_lazy("查看这个视频")
    form_fields: ClassVar = ["title", "original", "spoken_language"]
    creation_form_class = VideoUploadForm
    choose_view_class = VideoChooseView
    create_view_class = VideoChosenCreateView
