from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from media.models import Video


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
