from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.admin.forms import WagtailAdminModelForm

from media.models import Upload, Video
from media.uploads.services import NotWhole, UploadRefused, make_video, refuse_unfit


class ResumableFileInput(forms.FileInput):
    """A file field whose file is uploaded in pieces before the form is sent, by
    lms/static/admin/resumable-upload.js; without JavaScript an ordinary one."""

    template_name = "media/admin/resumable_input.html"
    #: The name of a file that is uploaded already, while the form was shown again.
    received = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["received"] = self.received
        context["limits"] = {
            "bytes": settings.VIDEO_MAX_UPLOAD_MIB * 2**20,
            "mib": settings.VIDEO_MAX_UPLOAD_MIB,
            "hours": settings.VIDEO_MAX_HOURS,
            "piece": settings.UPLOAD_PIECE_MIB * 2**20,
        }
        return context


class VideoUploadForm(WagtailAdminModelForm):
    """A new video, from a file in the form or from a resumable upload.

    The content of the file is examined later, by the probe stage.
    """

    #: The key of a resumable upload; empty for a file in the form.
    upload = forms.UUIDField(required=False, widget=forms.HiddenInput)
    instance: Video

    class Meta:
        model = Video
        fields = ("title", "original", "spoken_language")
        widgets = {"original": ResumableFileInput(attrs={"accept": "video/*,audio/*"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received = self._received()
        if self.received is not None:
            self.fields["original"].required = False
            self.fields["original"].widget.received = self.received.name

    def _received(self) -> Upload | None:
        try:
            key = UUID(self.data.get(self.add_prefix("upload"), ""))
        except ValueError:
            return None
        return Upload.objects.of(self.for_user).filter(key=key).select_related("video").first()

    def clean_original(self) -> UploadedFile | None:
        upload: UploadedFile | None = self.cleaned_data["original"]
        if self.received is not None or upload is None:
            return None
        try:
            refuse_unfit(
                name=upload.name or "",
                size_bytes=upload.size or 0,
                content_type=upload.content_type or "",
            )
        except UploadRefused as reason:
            raise ValidationError(str(reason)) from reason
        self.instance.original_name = (upload.name or "")[:255]
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.received is not None and not self.received.is_whole:
            self.add_error("original", str(NotWhole()))
        return cleaned

    def save(self, commit: bool = True) -> Video:
        """The video; when the same upload is submitted twice, that of the first time."""
        self.instance.uploaded_by = self.for_user
        if self.received is not None:
            self.instance = make_video(self.received, video=self.instance)
            return self.instance
        video: Video = super().save(commit=commit)
        return video
