"""What the pages of notices ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.notices.choices import GroupKind, HowSaid
from lms.notices.models import WorkGroup
from lms.notices.texts import MORE_MAX
from lms.units.models import Unit, UnitQuerySet

#: What staff may write down; an answer by short message comes by itself.
BY_STAFF = (HowSaid.IN_PERSON, HowSaid.TELEPHONE, HowSaid.SIGNED)


class GroupsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class TellForm(PlainForm):
    more = forms.CharField(
        label=_("补一句"),
        help_text=_("可以不写，最多20个字。不写姓名、电话和网址。例如：请带上手机充电线。"),
        max_length=MORE_MAX,
        required=False,
    )
    groups = GroupsField(
        label=_("也发到工作群"),
        queryset=WorkGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["groups"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = groups


class WishForm(PlainForm):
    given = forms.ChoiceField(
        label=_("愿意收上课、停课、改时间的短信吗"),
        choices=[("yes", _("愿意")), ("no", _("不愿意"))],
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(
        label=_("怎么说的"),
        choices=[(each.value, each.label) for each in BY_STAFF],
        widget=forms.RadioSelect,
    )


class GroupForm(PlainForm):
    unit = forms.ModelChoiceField(label=_("哪个单位的"), queryset=Unit.objects.none())
    name = forms.CharField(label=_("群名"), max_length=40)
    kind = forms.ChoiceField(label=_("哪一种"), choices=GroupKind.choices)
    address = forms.URLField(
        label=_("机器人地址"),
        help_text=_(
            "在企业微信群里点“添加群机器人”，把给出的地址抄到这里。谁有这个地址，谁就能往群里发消息，请不要给别人。"
        ),
        max_length=300,
        assume_scheme="https",
    )

    def __init__(self, *args: Any, units: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = units
