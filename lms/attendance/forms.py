"""What the pages of a session and of learners ask."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import DateInput, PlainForm, TimeInput
from lms.classes.forms import WarnedForm
from lms.classes.models import ClassSession
from lms.people.choices import Role
from lms.people.forms import PersonField, clean_number
from lms.people.models import Learner, people_with_role_over
from lms.people.names import clean_name


class MoveSessionForm(WarnedForm):
    day = forms.DateField(label=_("改到哪天"), widget=DateInput())
    clock = forms.TimeField(label=_("几点开始"), widget=TimeInput())
    reason = forms.CharField(label=_("改期的原因"), max_length=80)


class CancelSessionForm(PlainForm):
    reason = forms.CharField(label=_("取消的原因"), max_length=80)


class ReopenForm(PlainForm):
    reason = forms.CharField(label=_("为什么"), max_length=80)


class NotHeldForm(PlainForm):
    reason = forms.CharField(label=_("为什么没有上课"), max_length=80)


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


class MergeForm(PlainForm):
    """Two learners who are one person: which row stays, and of each particular, whose."""

    FIELDS: ClassVar = {
        "name": _("姓名用哪一个"),
        "birth_year": _("出生年份用哪一个"),
        "telephone": _("电话用哪一个"),
        "unit_id": _("村居用哪一个"),
    }
    kept = forms.ChoiceField(label=_("留下哪一位"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("为什么合并"),
        help_text=_("例如：当面问过，是同一个人，登记了两次。会写进记录。"),
        max_length=80,
    )

    def __init__(self, *args: Any, pair: Sequence[Learner], kept: Learner, **kwargs: Any) -> None:
        """`kept` is proposed; each particular's choice begins with one that is known."""
        super().__init__(*args, **kwargs)
        self.pair = {learner.number: learner for learner in pair}
        self._ask("kept", {number: str(who) for number, who in self.pair.items()}, kept.number)
        for field, label in self.FIELDS.items():
            said = {number: self._said(who, field) for number, who in self.pair.items()}
            if len(set(said.values())) > 1:
                self.fields[field] = forms.ChoiceField(label=label, widget=forms.RadioSelect)
                known = [number for number, who in self.pair.items() if getattr(who, field)]
                first = kept.number if kept.number in known else [*known, kept.number][0]
                self._ask(field, said, first)
        self.order_fields(["kept", *self.FIELDS, "reason"])

    def _ask(self, field: str, said: Mapping[str, str], first: str) -> None:
        self.fields[field].initial = first
        choices = [
            (
                number,
                gettext("%(said)s（%(number)s）") % {"said": words, "number": in_threes(number)},
            )
            for number, words in said.items()
        ]
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def _said(learner: Learner, field: str) -> str:
        if field == "unit_id":
            return learner.unit.name
        return str(getattr(learner, field) or gettext("没有登记"))

    def terms(self) -> dict[str, Any]:
        """What merge_learners asks."""
        kept = self.pair[self.cleaned_data["kept"]]
        [gone] = [learner for learner in self.pair.values() if learner != kept]
        taken = [field for field in self.FIELDS if self.cleaned_data.get(field) == gone.number]
        reason = self.cleaned_data["reason"]
        return {"kept": kept, "gone": gone, "of_gone": taken, "reason": reason}


def in_threes(number: str) -> str:
    """As cards show it."""
    return " ".join(number[place : place + 3] for place in range(0, len(number), 3))


class UndoMergeForm(PlainForm):
    reason = forms.CharField(
        label=_("为什么撤销"), help_text=_("例如：问清楚了，是两个人。"), max_length=80
    )


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
