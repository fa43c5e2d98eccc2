from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm


class RosterForm(PlainForm):
    """A list to be read; what is in it is for lms.rosters.spreadsheets to judge."""

    file = forms.FileField(
        label=_("名单文件"),
        help_text=_(".xlsx或.csv，不超过5MB，最多一万行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
        error_messages={
            "required": _("请先选一个文件。"),
            "empty": _("文件是空的。"),
        },
    )
