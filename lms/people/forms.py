"""What the pages of one learner ask, and fields that other rooms' forms share."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import DateInput, PlainForm
from lms.accounts.telephones import TelephoneRefused, normalised
from lms.people.choices import Consent, DelegateScope
from lms.people.models import Learner, is_learner_number
from lms.people.names import clean_name
from lms.people.services import DELEGATE_DAYS


def clean_number(typed: str) -> str:
    """Without blanks. Raises ValidationError when the check digit is wrong."""
    number = "".join(typed.split())
    if not is_learner_number(number):
        raise ValidationError(
            gettext("“%(number)s”不是学员号，有一位打错了，或者少了、多了。请对着卡片再打一遍。")
            % {"number": number}
        )
    return number


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.shown_name())


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.shown_name())


class LearnerForm(PlainForm):
    """What may be put right by hand."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    birth_year = forms.IntegerField(
        label=_("出生年份"),
        help_text=_("只要年份，例如1952。不知道可以不填。"),
        required=False,
        min_value=1900,
        max_value=2020,
    )
    telephone = forms.CharField(
        label=_("电话"), help_text=_("可以不填。"), max_length=20, required=False
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


class ErasureForm(PlainForm):
    reason = forms.CharField(
        label=_("为什么注销"),
        help_text=_("例如：本人要求。这一句会留着，请不要写姓名。"),
        max_length=80,
    )


class DelegateForm(PlainForm):
    """Who may act for the learner; the service says whether it can be."""

    person = forms.CharField(
        label=_("代办人的账号"),
        help_text=_("手机号或者用户名。没有账号的，请他先用手机号登录一次。"),
        max_length=150,
    )
    relation = forms.CharField(
        label=_("是学员的什么人"), help_text=_("例如：女儿、邻居、社区干部。"), max_length=20
    )
    scope = forms.ChoiceField(label=_("可以办什么"), choices=DelegateScope.choices)
    last_day = forms.DateField(
        label=_("办到哪一天"), help_text=_("最长一年，到期可以再登记。"), widget=DateInput()
    )
    consent = forms.ChoiceField(label=_("学员本人怎么同意的"), choices=Consent.choices)
    witness = forms.CharField(
        label=_("见证人的姓名"),
        help_text=_("当面口头同意的才要写。"),
        max_length=40,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        farthest = timezone.localdate() + timedelta(days=DELEGATE_DAYS - 1)
        self.fields["last_day"].widget.attrs |= {
            "min": timezone.localdate().isoformat(),
            "max": farthest.isoformat(),
        }
        self.fields["person"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none"}

    def clean_person(self) -> Any:
        words = self.cleaned_data["person"].strip()
        people = get_user_model().objects.filter(is_active=True)
        found = list(people.filter(username__iexact=words)[:2])
        if not found:
            found = list(people.filter(telephone=_as_kept(words)).exclude(telephone=""))
        if not found:
            of_learners = Learner.objects.filter(telephone=words, user__isnull=False)
            found = list(people.filter(pk__in=of_learners.values("user"))[:2])
        if len(found) != 1:
            raise ValidationError(
                gettext(
                    "没有找到“%(words)s”这个账号。请看看有没有打错，或者请他先用手机号登录一次。"
                )
                % {"words": words}
            )
        return found[0]

    def terms(self) -> dict[str, Any]:
        """What appoint_delegate wants to know."""
        terms = dict(self.cleaned_data)
        last_day: date = terms.pop("last_day")
        terms["until_date"] = last_day + timedelta(days=1)
        terms["scope"], terms["consent"] = DelegateScope(terms["scope"]), Consent(terms["consent"])
        return terms


def _as_kept(words: str) -> str:
    """The telephone as accounts have it; blank for words that are none."""
    try:
        return normalised(words)
    except TelephoneRefused:
        return ""
