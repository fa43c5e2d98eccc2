"""What the page of closing days asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.schools.choices import Level, WhenClosed
from lms.schools.class_forms import DateInput
from lms.schools.forms import UnitField
from lms.schools.models import Unit
from lms.schools.models.people import administered_by


def then_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("这些天已经排好的课"),
        choices=WhenClosed.choices,
        initial=WhenClosed.CANCEL,
        widget=forms.RadioSelect,
    )


class ClosingForm(PlainForm):
    unit = UnitField(
        label=_("单位"),
        help_text=_("名称或代码。下面的单位一起停课。"),
    )
    first = forms.DateField(label=_("从哪一天"), widget=DateInput())
    last = forms.DateField(label=_("到哪一天"), widget=DateInput())
    reason = forms.CharField(label=_("为什么停课"), max_length=60)
    then = then_field()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="close", **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.among = Unit.objects.filter(administered_by(user))


class CorrectionForm(PlainForm):
    """For the officers of a city."""

    unit: Any = forms.ModelChoiceField(label=_("城市"), queryset=None, empty_label=None)
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    meets = forms.TypedChoiceField(
        label=_("这一天"),
        choices=[("yes", _("照常上课")), ("no", _("放假，不上课"))],
        coerce=lambda word: word == "yes",
    )
    reason = forms.CharField(label=_("根据"), help_text=_("例如：市政府通知。"), max_length=60)
    then = then_field()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="correct", **kwargs)
        self.fields["unit"].queryset = correctable_units(user)  # type: ignore[attr-defined]


def correctable_units(user: Any) -> Any:
    """The cities and provinces whose calendar the user may put right."""
    levels = (Level.CITY, Level.PROVINCE)
    return Unit.objects.open().filter(administered_by(user), level__in=levels)
