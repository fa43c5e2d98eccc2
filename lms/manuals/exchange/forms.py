"""What an import asks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm


class PackageForm(PlainForm):
    package = forms.FileField(
        label=_("压缩包"),
        help_text=_("以前从这里存下来的，或者按我们的格式做的ZIP。"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={"empty": _("文件是空的。请再选一次。")},
    )
