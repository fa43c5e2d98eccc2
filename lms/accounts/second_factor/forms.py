"""What the pages of the second factor ask, in our own words."""

from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from django.forms import Form
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


def ask_for_digits(form: Form, label: StrOrPromise) -> None:
    code = form.fields["code"]
    code.label = label
    code.error_messages["required"] = _("请写数字。")
    code.widget.attrs["inputmode"] = "numeric"


class AuthenticateForm(base_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_digits(self, _("六位数字，或者备用码"))


class ReauthenticateByCodeForm(base_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_digits(self, _("六位数字，或者备用码"))


class ActivateForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_digits(self, _("应用上的六位数字"))
