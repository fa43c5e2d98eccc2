from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media.models import Narration


class RecordingForm(forms.ModelForm[Narration]):
    """An uploaded recording of a text. Whether it matches the text is checked by the stage."""

    recording = forms.FileField(
        label=gettext_lazy("录音文件"),
        help_text=gettext_lazy(
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
