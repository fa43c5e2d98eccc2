"""Fields that the editor's forms share."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.readability.plain_text import only_seen

#: What the chooser of files offers.
PICTURES = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"


class CleanCharField(forms.CharField):
    """One line, without invisible signs, which come along when text is pasted."""

    def to_python(self, value: Any) -> str:
        return only_seen(super().to_python(value) or "")


class SentenceField(CleanCharField):
    """One line in a box that grows with it; it may stay empty."""

    widget: Any = forms.Textarea(attrs={"rows": 1})

    def __init__(self, *, placeholder: Any = "", **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.widget.attrs |= {"placeholder": placeholder, "data-grows": True}


class LineField(SentenceField):
    """The same in a box that does not grow."""

    widget = forms.TextInput()


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages: ClassVar = {"invalid": _("请写成2026-01-31这样。")}


class PercentField(forms.IntegerField):
    default_error_messages: ClassVar = {
        "invalid": _("请写0到100的数。"),
        "min_value": _("请写0到100的数。"),
        "max_value": _("请写0到100的数。"),
    }

    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=least, max_value=100, **kwargs)
