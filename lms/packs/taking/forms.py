"""What is filled in for a city whose packs are to be taken in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.packs.models import TrustedKey
from lms.packs.refusals import PackError
from lms.packs.signing import id_of, in_words, public_key


class KeyForm(PlainForm):
    city = forms.CharField(
        label=_("哪个城市的"),
        help_text=_("例如：佛山市"),
        max_length=TrustedKey._meta.get_field("city").max_length,
    )
    key = forms.CharField(
        label=_("他们的公钥"),
        help_text=_("44个字符，最后一个是等号。请对方发来，粘贴在这里；有扫码枪，可以扫方块图。"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    key_id = forms.CharField(
        label=_("编号的前4个字"),
        help_text=_("请打电话问对方，不要看发来的文件：这样才知道公钥没有被人换过。"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_key(self) -> str:
        try:
            return in_words(public_key(self.cleaned_data["key"]))
        except PackError as reason:
            raise forms.ValidationError(str(reason)) from reason

    def clean(self) -> None:
        super().clean()
        key, told = self.cleaned_data.get("key"), self.cleaned_data.get("key_id", "")
        told = told.replace(" ", "").lower()
        if key and (len(told) < 4 or not id_of(public_key(key)).startswith(told)):
            self.add_error(
                "key_id",
                _("编号和公钥对不上。请再问一遍；还是对不上，就不要用这个公钥。"),
            )
