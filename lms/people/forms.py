"""What the pages of learners and of staff ask, and fields that other rooms' forms share."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.accounts.plain_forms import DateInput, PlainForm
from lms.accounts.telephones import TYPED_MAX, TelephoneRefused, normalised
from lms.people.choices import Consent, DelegateScope, Role, RoleState
from lms.people.models import Learner, is_learner_number
from lms.people.names import clean_name
from lms.people.services.learners import DELEGATE_DAYS
from lms.units.forms import UnitField
from lms.units.models import UnitQuerySet


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


# --- Who works here ---------------------------------------------------------------------------

UNITS_TO_CHOOSE = 60  # as many as a list is still read through


class UnitChoice(forms.ModelChoiceField):
    """A unit out of a list, each under the one above it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{'　' * (obj.depth - self.least_depth)}{obj.name}"

    least_depth = 1


def unit_field(units: UnitQuerySet, **more: Any) -> forms.Field:
    """A list of the units where they are few, else a box for a code or a name."""
    some = list(units[: UNITS_TO_CHOOSE + 1])
    if len(some) <= UNITS_TO_CHOOSE:
        field = UnitChoice(
            queryset=units, to_field_name="code", empty_label=gettext("请选单位"), **more
        )
        field.least_depth = min((unit.depth for unit in some), default=1)
        return field
    box = UnitField(help_text=_("填代码，或者完整的名称。"), **more)
    box.among = units
    return box


class ReasonField(forms.CharField):
    """Goes into the log of roles, which nobody edits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("原因"), "max_length": 80, **kwargs})


class StaffSearchForm(PlainForm):
    q = forms.CharField(label=_("姓名、手机号或用户名"), required=False)
    role = forms.ChoiceField(label=_("角色"), required=False)
    state = forms.ChoiceField(label=_("情况"), required=False)

    def __init__(self, *args: Any, units: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("全部"))]
        self.fields["role"].choices = [*everything, *Role.choices]  # type: ignore[attr-defined]
        self.fields["state"].choices = [*everything, *RoleState.choices]  # type: ignore[attr-defined]
        field = unit_field(units, label=_("单位"), required=False)
        field.help_text = ""
        if isinstance(field, UnitChoice):
            field.empty_label = gettext("全部")
        field.widget.attrs["class"] = "field__input"
        self.fields["unit"] = field
        self.order_fields(["q", "unit", "role", "state"])


class RoleForm(PlainForm):
    """A role for somebody who is known."""

    role = forms.ChoiceField(label=_("角色"))
    from_date = forms.DateField(label=_("从哪天起"), widget=DateInput())
    reason = ReasonField(help_text=_("例如：新聘、换届、增加人手。会写进任职记录。"))

    def __init__(self, *args: Any, units: UnitQuerySet, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = unit_field(units, label=_("单位"))
        self.fields["role"].choices = [(each.value, each.label) for each in roles]  # type: ignore[attr-defined]
        self.fields["from_date"].initial = timezone.localdate
        self.order_fields(["name", "telephone", "unit", "role", "from_date", "reason"])
        for field in self.fields.values():
            field.widget.attrs["class"] = "field__input"
            field.error_messages["required"] = gettext("这里还没有填。")

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class TelephoneField(forms.CharField):
    """As accounts keep it; blank stays blank."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("手机号"), "max_length": TYPED_MAX, **kwargs})
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        words = super().clean(value)
        if not words:
            return ""
        try:
            return normalised(words)
        except TelephoneRefused as reason:
            raise ValidationError(str(reason)) from None


class AppointmentForm(RoleForm):
    """A role for somebody by name and telephone, whose account is found or made."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    telephone = TelephoneField(
        help_text=_("用它收验证码登录。没有手机号的可以不填，办好以后打印登录条。"), required=False
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


class EndForm(PlainForm):
    when = forms.ChoiceField(
        label=_("什么时候结束"),
        choices=[("now", _("马上：他的手机和电脑立刻退出")), ("later", _("做到下面这一天为止"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    last_day = forms.DateField(label=_("最后一天"), widget=DateInput(), required=False)
    reason = ReasonField(help_text=_("例如：到龄、辞职、换岗。会写进任职记录。"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == "later" and not cleaned.get("last_day"):
            self.add_error("last_day", gettext("请选最后一天。"))
        return cleaned

    def until_date(self) -> date | None:
        """The first day on which it is over; None: now."""
        if self.cleaned_data["when"] == "now":
            return None
        last_day: date = self.cleaned_data["last_day"]
        return last_day + timedelta(days=1)


class MoveRoleForm(PlainForm):
    on = forms.DateField(label=_("从哪天起"), widget=DateInput(), initial=timezone.localdate)
    reason = ReasonField(help_text=_("例如：调到邻村。会写进任职记录。"))

    def __init__(self, *args: Any, units: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = unit_field(units, label=_("换到哪个单位"))
        self.fields["to"].widget.attrs["class"] = "field__input"
        self.order_fields(["to", "on", "reason"])


class HandOverForm(PlainForm):
    """To somebody who works here already, by telephone or number, or to somebody new."""

    person = forms.CharField(
        label=_("接手的人的手机号或用户名"),
        help_text=_("新来的人没有手机号，就空着，只写姓名。"),
        max_length=TYPED_MAX,
        required=False,
    )
    name = forms.CharField(
        label=_("接手的人的姓名"),
        help_text=_("填用户名的可以不写。"),
        max_length=40,
        required=False,
    )
    on = forms.DateField(label=_("从哪天起"), widget=DateInput(), initial=timezone.localdate)
    reason = ReasonField(help_text=_("例如：退休，由新老师接班。会写进任职记录。"))

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = colleagues

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """`colleague` is somebody found by number; else `telephone` and the name tell who."""
        cleaned = super().clean() or {}
        words = cleaned.get("person", "").strip()
        cleaned["colleague"], cleaned["telephone"] = None, ""
        if words:
            cleaned["colleague"] = self.colleagues.filter(username=words).first()
            if cleaned["colleague"] is None:
                try:
                    cleaned["telephone"] = normalised(words)
                except TelephoneRefused:
                    self.add_error("person", gettext("没有这个用户名，也不像手机号。"))
        if cleaned["colleague"] is None and not cleaned.get("name"):
            self.add_error("name", gettext("请写接手的人的姓名。"))
        return cleaned


class SlipForm(PlainForm):
    reason = ReasonField()


class NewTelephoneForm(PlainForm):
    telephone = TelephoneField(label=_("新的手机号"))
    reason = ReasonField(initial=_("手机丢了"))


class FirstPasswordForm(PlainForm):
    """In the place of a printed one, which was typed a moment ago and is not asked for again."""

    password = forms.CharField(
        label=_("新密码"),
        help_text=_("至少10个字符，不要全用数字，不要用自己的名字。"),
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "tabindex": "0", "data-first-focus": ""}
        ),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "tabindex": "0"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        if check_password(password, self.user.password):
            raise ValidationError(gettext("请换一个，不要用给您的那个。"))
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            "password" in cleaned
            and cleaned.get("again", cleaned["password"]) != cleaned["password"]
        ):
            self.add_error("again", gettext("两次输入的新密码不一样，请再输一次。"))
        return cleaned
