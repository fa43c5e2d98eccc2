from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media.models import Video

#: Names of languages by their ISO 639 codes, as they occur in files.
LANGUAGES_OF_TAGS = {
    **dict.fromkeys(("zh", "chi", "zho", "cmn"), gettext_lazy("普通话")),
    "yue": gettext_lazy("粤语"),
    "eng": gettext_lazy("英语"),
    "jpn": gettext_lazy("日语"),
    "kor": gettext_lazy("韩语"),
}


class VideoDetailsForm(forms.ModelForm[Video]):
    """The original cannot be changed: another file is another video."""

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
    """The sounds of a film, each with a name by which an editor tells them apart."""
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
