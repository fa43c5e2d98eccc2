from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from media.models import Narration, Video


class VideoUploadForm(forms.ModelForm[Video]):
    """A new video. What is inside the file is looked at later, by the probe stage."""

    class Meta:
        model = Video
        fields = ("title", "original", "spoken_language")
        widgets = {"original": forms.FileInput(attrs={"accept": "video/*"})}

    def clean_original(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["original"]
        limit_mib = settings.VIDEO_MAX_UPLOAD_MIB
        if (upload.size or 0) > limit_mib * 2**20:
            raise ValidationError(
                _("这个视频太大了，最多%(limit)d MiB。请剪短一些，或者导出小一点的画面，再上传。")
                % {"limit": limit_mib}
            )
        self.instance.original_name = (upload.name or "")[:255]
        return upload


class VideoDetailsForm(forms.ModelForm[Video]):
    """The original stays as it came: another file is another video."""

    class Meta:
        model = Video
        fields = ("title", "spoken_language")


class RecordingForm(forms.ModelForm[Narration]):
    """Somebody's own recording of a text. Whether it fits the text is found out when it is cut."""

    recording = forms.FileField(
        label=_lazy("录音文件"),
        help_text=_lazy(
            "照着朗读稿一字一句读，句子之间停一停。MP3、M4A、WAV 都可以，手机录的也行。"
        ),
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )

    class Meta:
        model = Narration
        fields = ("recording",)

    def clean_recording(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["recording"]
        limit_mib = settings.RECORDING_MAX_UPLOAD_MIB
        if (upload.size or 0) > limit_mib * 2**20:
            raise ValidationError(
                _("这个录音太大了，最多%(limit)d MiB。请存成 MP3 或 M4A，再上传。")
                % {"limit": limit_mib}
            )
        return upload
