"""What an import asks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm


class PackageForm(PlainForm):
    package = forms.FileField(
        label=_("文件"),
        help_text=_("以前从这里存下来的ZIP，或者别的系统存下来的oManual、iFixit文件。"),
        widget=forms.FileInput(
            attrs={"accept": ".zip,.omanual,.json,application/zip,application/json"}
        ),
        error_messages={"empty": _("文件是空的。请再选一次。")},
    )
