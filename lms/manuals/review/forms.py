from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DaysForm(forms.Form):
    """From when and until when elders see a manual; both are the first and the last day of it."""

    shows_from = forms.DateField(
        label=_("哪天给老人看"),
        required=False,
        widget=DayInput,
        help_text=_("空着，就是马上。产品还没开始卖的，写开卖那天。"),
    )
    shows_until = forms.DateField(
        label=_("看到哪天为止"),
        required=False,
        widget=DayInput,
        help_text=_("空着，就是一直看。厂商以后不管这样产品了，写最后一天。"),
    )
    error_messages: ClassVar = {"invalid": _("请写成2026-01-31这样。")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.error_messages["invalid"] = self.error_messages["invalid"]
