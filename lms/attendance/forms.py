"""What the page of a session asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import DateInput, PlainForm, TimeInput
from lms.classes.models import ClassSession
from lms.people.choices import Role
from lms.people.forms import PersonField, clean_number
from lms.people.models import people_with_role_over
from lms.people.names import clean_name


class MoveSessionForm(PlainForm):
    day = forms.DateField(label=_("改到哪天"), widget=DateInput())
    clock = forms.TimeField(label=_("几点开始"), widget=TimeInput())
    reason = forms.CharField(label=_("改期的原因"), max_length=80)


class CancelSessionForm(PlainForm):
    reason = forms.CharField(label=_("取消的原因"), max_length=80)


class HeadcountForm(PlainForm):
    headcount = forms.IntegerField(label=_("到场人数"), min_value=0, max_value=100_000)


class HeadcountCorrectionForm(HeadcountForm):
    reason = forms.CharField(label=_("为什么要改"), max_length=80)


class WalkInForm(PlainForm):
    """Somebody who came without being in the class: with a card, or with nothing but a name."""

    number = forms.CharField(
        label=_("有卡：学员号"), max_length=20, required=False, help_text=_("卡片上的9位数字")
    )
    name = forms.CharField(
        label=_("没有卡：姓名"), max_length=40, required=False, help_text=_("只要姓名")
    )

    def __init__(self, *args: Any, session: ClassSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        if session.closed_at is not None:
            self.fields["reason"] = forms.CharField(
                label=_("为什么现在才登记"),
                max_length=80,
                widget=forms.TextInput(attrs={"class": "field__input"}),
            )

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        return clean_number(typed) if typed.strip() else ""

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned["number"] or cleaned["name"]):
            self.add_error("name", gettext("请写学员号；没有卡的，写姓名就行。"))
        return cleaned


class HelperTimeForm(PlainForm):
    person = PersonField(label=_("谁来帮忙"), queryset=None, empty_label=_("请选择"))
    minutes = forms.IntegerField(
        label=_("多少分钟"),
        help_text=_("写0就是删去。"),
        min_value=0,
        max_value=720,
    )

    def __init__(self, *args: Any, session: ClassSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_with_role_over(session.class_group.unit, Role.VOLUNTEER, Role.TEACHER)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
