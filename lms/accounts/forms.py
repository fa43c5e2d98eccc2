"""What one fills in to sign in and to change a password, in our own words."""

from typing import Any

from allauth.account import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ASK_AN_OFFICER = _("忘了密码，或者还没有账号，请找本单位管理员。")


class SignInForm(forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label, password.label = _("用户名"), _("密码")
        name.error_messages["required"] = _("请输入用户名。")
        password.error_messages["required"] = _("请输入密码。")
        password.help_text = ASK_AN_OFFICER


class ChangePasswordForm(forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old, new, again = (self.fields[name] for name in ("oldpassword", "password1", "password2"))
        old.label, new.label, again.label = _("现在的密码"), _("新密码"), _("再输一次新密码")
        old.error_messages["required"] = _("请输入现在的密码。")
        new.error_messages["required"] = _("请输入新密码。")
        again.error_messages["required"] = _("请再输一次新密码。")
        old.help_text = _("忘了现在的密码，请找本单位管理员重设。")
        new.help_text = _("至少10个字符，不要全用数字，不要用自己的名字。")

    def clean_password2(self) -> str:
        again: str = self.cleaned_data["password2"]
        if again != self.cleaned_data.get("password1", again):
            raise ValidationError(_("两次输入的新密码不一样，请再输一次。"))
        return again


class ReauthenticateForm(forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.label, password.help_text = _("密码"), ""
        password.error_messages["required"] = _("请输入密码。")
