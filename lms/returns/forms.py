"""What the pages of returns ask."""

import unicodedata
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.accounts.plain_forms import PlainForm
from lms.accounts.second_factor import has_second_factor
from lms.accounts.second_factor.forms import ReauthenticateByCodeForm
from lms.people.queries import administered_units
from lms.returns.choices import SignedBy
from lms.returns.models import NOTE_MOST, WORDS_MOST
from lms.returns.snapshots import Words
from lms.units.choices import Level
from lms.units.forms import UnitField
from lms.units.models import Unit


def name_to_sign(user: User) -> str:
    """As it stands on the account; of an account without a name, what one signs in by."""
    return user.get_full_name() or user.get_username()


def folded(name: str) -> str:
    """Without blanks, and wide letters as narrow ones."""
    return "".join(unicodedata.normalize("NFKC", name).split())


class SigningForm(PlainForm):
    """One's words and signature: the name as on the account, and the second factor's number; of who
    has none, where the site asks for none, the password."""

    explanation = forms.CharField(
        label=_("情况说明"),
        help_text=_("上面列出的情况，是怎么回事？写一两句就行。"),
        max_length=WORDS_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    remarks = forms.CharField(
        label=_("备注"),
        help_text=_("可以不填。请不要写学员的姓名和电话。"),
        max_length=WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    name = forms.CharField(label=_("签名：您的姓名"), max_length=60)
    code = forms.CharField(
        label=_("动态口令，或者备用码"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    password = forms.CharField(
        label=_("您的密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    signed_with: SignedBy

    def __init__(self, *args: Any, user: User, needs_explanation: bool, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        asked = "code" if has_second_factor(user) else "password"
        self.fields.pop("password" if asked == "code" else "code")
        if not needs_explanation:
            self.fields.pop("explanation")
        self.fields["name"].help_text = gettext("请照账号上的写：%(name)s") % {
            "name": name_to_sign(user)
        }
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if folded(name) != folded(name_to_sign(self.user)):
            raise ValidationError(gettext("和账号上的姓名不一样，请再写一遍。"))
        return name

    def clean(self) -> dict[str, Any]:
        """The number is good once: it is looked at only when all else is right."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if "code" in self.fields:
            self._look_at_code(cleaned["code"])
        elif get_adapter().reauthenticate(self.user, cleaned["password"]):
            self.signed_with = SignedBy.PASSWORD
        else:
            self.add_error("password", gettext("密码不对，请再输一次。"))
        return cleaned

    def _look_at_code(self, code: str) -> None:
        proof = ReauthenticateByCodeForm({"code": code}, user=self.user)
        if not proof.is_valid():
            self.add_error("code", ValidationError(proof.errors.get("code", [])))
            return
        proof.save()
        by_phone = proof.authenticator.type == Authenticator.Type.TOTP
        self.signed_with = SignedBy.CODE if by_phone else SignedBy.PAPER

    def words(self) -> Words:
        return Words(
            explanation=self.cleaned_data.get("explanation", ""),
            remarks=self.cleaned_data["remarks"],
            signed_name=self.cleaned_data["name"],
        )


class ReasonForm(PlainForm):
    """Why something is sent back, missing or unlocked."""

    reason = forms.CharField(label=_("原因"), max_length=NOTE_MOST)


class WorkingDaysForm(PlainForm):
    """By which working day each level hands its returns in."""

    def __init__(self, *args: Any, days: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level, day in days.items():
            self.fields[level] = forms.IntegerField(
                label=Level(level).label,
                min_value=1,
                max_value=20,
                initial=day,
                widget=forms.NumberInput(attrs={"class": "field__input"}),
                error_messages={"required": gettext("这里还没有填。")},
            )


class NoTeachingForm(PlainForm):
    unit = UnitField(label=_("单位"), help_text=_("名称或者区划代码。下面的单位也算在内。"))
    year = forms.IntegerField(label=_("哪一年"), min_value=2020, max_value=2100)
    reason = forms.CharField(
        label=_("原因"), help_text=_("例如：整村拆迁，今年不办班。"), max_length=80
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.among, field.likely_level = administered_units(user), Level.VILLAGE
        self.fields["year"].initial = timezone.localdate().year


class TemplateForm(PlainForm):
    """The city's form; what is in it is for city_form to judge."""

    unit = forms.ModelChoiceField(label=_("哪个单位用"), queryset=Unit.objects.none())
    file = forms.FileField(
        label=_("表样文件"),
        help_text=_(".xlsx，要填的格子都起好名称。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("请先选一个文件。"), "empty": _("文件是空的。")},
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        field.initial = units[0] if units else None
