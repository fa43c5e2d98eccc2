"""What an officer fills in for a box, and whoever stands in front of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.accounts.plain_forms import PlainForm
from lms.boxes import codes
from lms.people.models import administered_by
from lms.units.forms import UnitField
from lms.units.models import Unit


class BoxForm(PlainForm):
    name = forms.CharField(
        label=_("盒子叫什么"),
        help_text=_("写得让人找得到，例如：翠洲文化室的盒子。"),
        max_length=40,
    )
    unit = UnitField(
        label=_("放在哪里"),
        help_text=_("填村居或者街镇的代码，或者完整的名称。它和它下面的班级、学员会到盒子上。"),
    )

    def __init__(self, *args: Any, user: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.among = Unit.objects.open().filter(administered_by(user))


class CodeForm(PlainForm):
    """A scanner types both at once, the address first."""

    code = forms.CharField(
        label=_("市里给的16个数字"),
        help_text=_("在市里“村里的盒子”那一页。可以用扫码枪扫那张方块图。"),
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    city_address = forms.URLField(
        label=_("市里的网址"),
        help_text=_("例如 https://yinling.example 。没有网络，只用U盘带来带去，就空着。"),
        max_length=200,
        required=False,
        assume_scheme="https",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = str(cleaned.get("code") or "")
        if typed.startswith(("http://", "https://")):
            address, _blank, typed = typed.partition(" ")
            cleaned["city_address"] = cleaned.get("city_address") or address
        cleaned["code"] = codes.plain_code(typed)
        if "code" not in self.errors and not codes.is_code(cleaned["code"]):
            self.add_error("code", _("有一个数字不对。一共16个数字，请对着纸再看一遍。"))
        return cleaned
