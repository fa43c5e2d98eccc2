"""What staff fill in: a pile of sheets, a case, a decision, a year."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.stories import LONG_NUMBER
from lms.accounts.plain_forms import DateInput, PlainForm
from lms.evaluation.choices import Face, FaceQuestion
from lms.evaluation.services.cases import CaseWords
from lms.people.choices import Consent
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from lms.units.models import Unit

SHEETS_MOST = 500
MONTHS_BACK = 12


class PaperForm(PlainForm):
    """How many sheets, and how often each face of each question is ticked on them."""

    month = forms.ChoiceField(label=_("哪个月答的"))
    sheets = forms.IntegerField(label=_("一共几张"), min_value=1, max_value=SHEETS_MOST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (f"{month:%Y-%m}", Period(PeriodKind.MONTH, month).label) for month in months_back()
        ]
        for question in FaceQuestion:
            for face in Face:
                self.fields[field_name(question, face)] = forms.IntegerField(
                    label=f"{question.label} {face.label}",
                    min_value=0,
                    max_value=SHEETS_MOST,
                    required=False,
                    widget=forms.NumberInput(attrs={"class": "field__input"}),
                )

    def clean_month(self) -> date:
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")

    def counts(self) -> dict[str, list[int]]:
        """By the question, from face 1 to face 5; blank is none."""
        return {
            question.value: [self.cleaned_data[field_name(question, face)] or 0 for face in Face]
            for question in FaceQuestion
        }

    def lines(self) -> list[tuple[FaceQuestion, list[forms.BoundField]]]:
        """The fields by question, as the page has them."""
        return [
            (question, [self[field_name(question, face)] for face in Face])
            for question in FaceQuestion
        ]


def field_name(question: FaceQuestion, face: Face) -> str:
    return f"{question.value}_{face.value}"


def months_back() -> list[date]:
    """First days of this month and those before it, the latest first."""
    month = timezone.localdate().replace(day=1)
    found = []
    for _number in range(MONTHS_BACK):
        found.append(month)
        month = (month.replace(day=1) - timedelta(days=1)).replace(day=1)
    return found


class UnitOfCaseField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class CaseForm(PlainForm):
    unit = UnitOfCaseField(label=_("哪个单位的"), queryset=Unit.objects.none())
    title = forms.CharField(label=_("题目"), max_length=40)
    situation = forms.CharField(
        label=_("原来的情况"),
        max_length=600,
        help_text=_("缺什么，难在哪里。600个字以内。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    deed = forms.CharField(
        label=_("怎么做的"),
        max_length=1200,
        help_text=_("一步一步写，让别的村居照着能做。1200个字以内。"),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    outcome = forms.CharField(
        label=_("成效"),
        max_length=600,
        help_text=_("写数字，写变化。600个字以内。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    names_people = forms.TypedChoiceField(
        label=_("里面写了人的姓名吗"),
        choices=[("", "---------"), ("no", _("没有写")), ("yes", _("写了，本人同意的"))],
        coerce=lambda word: word == "yes",
        help_text=_("让人一看就知道是谁的话，也算。"),
    )
    consent = forms.ChoiceField(
        label=_("怎么同意的"),
        choices=[("", "---------"), *Consent.choices],
        required=False,
        help_text=_("没有写姓名就不用选。"),
    )
    consented_on = forms.DateField(
        label=_("哪天同意的"),
        required=False,
        widget=DateInput(),
        help_text=_("没有写姓名就不用填。"),
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("title", "situation", "deed", "outcome"):
            if LONG_NUMBER.search(said.get(name, "")):
                self.add_error(name, gettext("里面有一长串数字，像是电话或者证件号，请去掉。"))
        if said.get("names_people"):
            if not said.get("consent"):
                self.add_error("consent", gettext("写了姓名，就要记下本人怎么同意的。"))
            if not said.get("consented_on"):
                self.add_error("consented_on", gettext("写了姓名，就要记下哪天同意的。"))
        return said

    def clean_consented_on(self) -> date | None:
        day: date | None = self.cleaned_data["consented_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(gettext("这一天还没有到。"))
        return day

    def told(self) -> CaseWords:
        said = self.cleaned_data
        named = said["names_people"]
        return CaseWords(
            title=said["title"],
            situation=said["situation"],
            deed=said["deed"],
            outcome=said["outcome"],
            names_people=named,
            consent=said["consent"] if named else "",
            consented_on=said["consented_on"] if named else None,
        )


class ReasonForm(PlainForm):
    reason = forms.CharField(label=_("原因"), max_length=120, required=False)


class YearForm(PlainForm):
    year = forms.ChoiceField(label=_("哪一年"))
    reason = forms.CharField(
        label=_("为什么再出一版"),
        max_length=120,
        required=False,
        help_text=_("第一次公开不用写。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = timezone.localdate().year
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (str(year), str(year)) for year in range(this_year - 1, this_year - 6, -1)
        ]
