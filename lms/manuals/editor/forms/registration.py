"""What an application asks. `services.registration` decides whether it is accepted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.manuals.editor.forms.fields import PICTURES
from lms.manuals.editor.services.registration import DOCUMENT_NAMES, ApplicationDetails
from lms.manuals.models import Organisation


class DocumentField(forms.FileField):
    """A photograph of a licence or a letter of authorisation."""

    widget = forms.FileInput(attrs={"accept": PICTURES})
    default_error_messages = {
        "empty": _("文件是空的。请再选一次。"),
        "invalid": _("请选一张照片。"),
        "missing": _("请选一张照片。"),
    }


class ApplicationForm(PlainForm):
    """organisation: one whose application was returned; its documents need not be sent again."""

    name = forms.CharField(label=_("单位名称"), help_text=_("照着营业执照写全称。"), max_length=80)
    code = forms.CharField(
        label=_("统一社会信用代码"), help_text=_("营业执照上的18位代码。"), max_length=30
    )
    contact = forms.CharField(label=_("联系人"), help_text=_("审核时找谁。"), max_length=40)
    telephone = forms.CharField(
        label=_("联系电话"),
        help_text=_("手机，或者带区号的座机。"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    email = forms.EmailField(
        label=_("邮箱"), error_messages={"invalid": _("这个邮箱不对，请再看一看。")}
    )
    licence = DocumentField(label=_("营业执照"), help_text=_("拍清楚四个角，JPG或PNG图片。"))
    authorisation = DocumentField(
        label=_("授权书"), help_text=_("单位盖了章，写明由您来办。JPG或PNG图片。")
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        if organisation is not None:
            names = ("name", "code", "contact", "telephone", "email")
            kwargs["initial"] = {name: getattr(organisation, name) for name in names}
        super().__init__(*args, **kwargs)
        if organisation is not None:
            for name in DOCUMENT_NAMES:
                self.fields[name].required = False
                self.fields[name].help_text = _("不用换就空着。")

    def details(self) -> ApplicationDetails:
        typed = self.cleaned_data
        return ApplicationDetails(
            name=typed["name"],
            code=typed["code"],
            contact=typed["contact"],
            telephone=typed["telephone"],
            email=typed["email"],
        )

    def documents(self) -> dict[str, Any]:
        """None for one that was not chosen."""
        return {name: self.cleaned_data[name] for name in DOCUMENT_NAMES}


class NewAccountForm(PlainForm):
    """A person's own name and password for signing in."""

    username = forms.CharField(
        label=_("登录名"),
        help_text=_("自己起一个，以后用它登录。"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        help_text=_("至少10个字符，不要全用数字，不要用自己的名字。"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("再输一次密码"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        password, again = typed.get("password"), typed.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", _("两次输入的密码不一样，请再输一次。"))
        return typed


class FirstApplicationForm(NewAccountForm, ApplicationForm):
    """The first one also makes the account that shows how far the application is."""


class JoinForm(NewAccountForm):
    """Somebody was invited and has no account yet."""

    field_order = ("name",)
    name = forms.CharField(label=_("您的姓名"), help_text=_("同事看得到。"), max_length=40)
