from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from media.models import Narration, Upload, Video
from media.uploading import NotWhole, UploadRefused, make_video, refuse_unfit

#: What ISO 639 calls the languages that films brought here speak.
LANGUAGES_OF_TAGS = {
    **dict.fromkeys(("zh", "chi", "zho", "cmn"), gettext_lazy("普通话")),
    "yue": gettext_lazy("粤语"),
    "eng": gettext_lazy("英语"),
    "jpn": gettext_lazy("日语"),
    "kor": gettext_lazy("韩语"),
}


class ResumableFileInput(forms.FileInput):
    """A file field that lms/static/admin/resumable-upload.js sends ahead piece by piece, and that
    is an ordinary one without it."""

    template_name = "media/admin/resumable_input.html"
    #: The name of a file that is here already and waits for the rest of its form.
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
    """A new video, from a file in the form or from one received beforehand, piece by piece.

    What is inside the file is looked at later, by the probe stage.
    """

    #: The key of what was received beforehand; empty for a file in the form.
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
        """The video; that of the first time when what was received is handed in twice."""
        self.instance.uploaded_by = self.for_user
        if self.received is not None:
            self.instance = make_video(self.received, video=self.instance)
            return self.instance
        video: Video = super().save(commit=commit)
        return video


class VideoDetailsForm(forms.ModelForm[Video]):
    """The original stays as it came: another file is another video."""

    chosen_sound = forms.TypedChoiceField(
        label=gettext_lazy("用哪一条声音"),
        help_text=gettext_lazy(
            "这个文件里有几条声音。选得不对，就听不到人说话；改了以后会重新处理。"
        ),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs={"class": "sound-choice"}),
    )

    class Meta:
        model = Video
        fields = ("title", "spoken_language", "chosen_sound")

    class Media:
        css: ClassVar = {"all": ["admin/video-edit.css"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.instance.sounds) < 2:
            del self.fields["chosen_sound"]
        else:
            chosen_sound = self.fields["chosen_sound"]
            assert isinstance(chosen_sound, forms.TypedChoiceField)
            chosen_sound.choices = sound_choices(self.instance)


def sound_choices(video: Video) -> list[tuple[int | str, str]]:
    """The sounds in a film, each in words by which a person tells them apart."""
    named = {
        sound["track"]: name_of_sound(number, sound)
        for number, sound in enumerate(video.sounds, start=1)
    }
    best = named.get(video.best_sound, "")
    return [("", _("自动选择（%(sound)s）") % {"sound": best}), *named.items()]


def name_of_sound(number: int, sound: dict[str, Any]) -> str:
    language = LANGUAGES_OF_TAGS.get(sound["language"], sound["language"])
    parts = [_("第%(number)d条") % {"number": number}, str(language), sound["title"]]
    parts.append(_("有人说话") if sound["speaks"] else _("没有听到人说话"))
    return _("，").join(part for part in parts if part)


class RecordingForm(forms.ModelForm[Narration]):
    """Somebody's own recording of a text. Whether it fits the text is found out when it is cut."""

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
