"""Forms with boxes of our own looks (form.css), and complaints that need no explanation."""

from typing import Any

from django import forms
from django.utils.translation import gettext


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PlainForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
                field.widget.attrs["class"] = "field__input"
            field.error_messages["required"] = gettext("这里还没有填。")
            if "invalid_choice" in field.error_messages:
                field.error_messages["required"] = gettext("这里还没有选。")
                field.error_messages["invalid_choice"] = gettext("请在列出的里面选一个。")

    def add_error(self, field: str | None, error: Any) -> None:
        """The first wrong field has the focus when the form is shown again."""
        super().add_error(field, error)
        wrong = [name for name in self.fields if name in self.errors]
        for name in wrong:
            self.fields[name].widget.attrs.pop("autofocus", None)
        if wrong:
            self.fields[wrong[0]].widget.attrs["autofocus"] = True
