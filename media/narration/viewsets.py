"""Narrations in the Wagtail admin: status, upload of a recording, making one again."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.forms import ModelForm
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
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from media.models import Narration
from media.narration import services
from media.narration.forms import RecordingForm
from media.narration.queries import narration_progress, voice_in_words


class NarrationPermissionPolicy(ModelPermissionPolicy):
    """Narrations are created and deleted with their pages only."""

    def user_has_permission(self, user: AbstractBaseUser | AnonymousUser, action: str) -> bool:
        return action not in {"add", "delete"} and super().user_has_permission(user, action)


register_permission_policy(Narration, NarrationPermissionPolicy(Narration))


class StateColumn(Column):
    cell_template_name = "media/admin/narration_cell.html"

    def get_value(self, instance: Narration) -> Any:
        return narration_progress(instance)


class NarrationIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Narration]:
        return super().get_base_queryset().select_related("page").prefetch_related("stages")

    def get_edit_url(self, instance: Narration) -> str:
        return reverse("narrations:inspect", args=[instance.pk])


class NarrationStatusView(generic.InspectView):
    page_title = gettext_lazy("朗读")

    def get_object(self, queryset: QuerySet[Narration] | None = None) -> Narration:
        narrations = Narration.objects.select_related("page").prefetch_related("stages")
        return get_object_or_404(narrations, pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        narration: Narration = self.object
        context["progress"] = narration_progress(narration)
        context["voice"] = voice_in_words(narration)
        context["seconds"] = round((narration.duration_ms or 0) / 1000)
        #: (second at which it begins, sentence)
        context["lines"] = [
            (f"{said['start_ms'] / 1000:.1f}", said["text"]) for said in narration.sentences
        ]
        return context


class RecordView(generic.EditView):
    """Its form is for a recording; the text is the lesson's."""

    page_title = gettext_lazy("上传录音")
    success_message = gettext_lazy("录音收到了，马上按句子对好时间。")

    def save_instance(self) -> Narration:
        upload = self.form.cleaned_data["recording"]
        narration: Narration = Narration.objects.get(pk=self.object.pk)
        services.use_recording(narration, file=upload, name=upload.name or "")
        return narration

    def get_success_url(self) -> str:
        return reverse("narrations:inspect", args=[self.object.pk])


@require_POST
@permission_required("media.change_narration")
def make_again(request: HttpRequest, pk: int) -> HttpResponse:
    narration = get_object_or_404(Narration, pk=pk)
    services.make_again(narration, by_machine="by_machine" in request.POST)
    messages.success(request, _("已经排队，马上重新朗读。做好以前，学员听到的还是原来的。"))
    return redirect("narrations:inspect", pk)


class NarrationViewSet(ModelViewSet):
    model = Narration
    name = "narrations"
    icon = "comment"
    menu_label = gettext_lazy("朗读")
    menu_order = 255
    add_to_admin_menu = True
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display: ClassVar = [
        "__str__",
        StateColumn("state", label=gettext_lazy("情况")),
        Column("voice", accessor=voice_in_words, label=gettext_lazy("声音")),
        DateColumn("made_at", label=gettext_lazy("生成时间")),
    ]
    index_view_class = NarrationIndexView
    edit_view_class = RecordView
    inspect_view_class = NarrationStatusView
    inspect_template_name = "media/admin/narration.html"

    def get_form_class(self, for_update: bool = False) -> type[ModelForm[Narration]]:
        return RecordingForm

    def get_urlpatterns(self) -> list[URLPattern]:
        again = path("again/<int:pk>/", make_again, name="again")
        return [*super().get_urlpatterns(), again]
