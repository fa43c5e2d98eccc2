"""Whom an owner invites into the organisation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.manuals.choices import MemberRole


class InvitationForm(PlainForm):
    name = forms.CharField(label=_("请谁"), help_text=_("写姓名，自己认得就行。"), max_length=40)
    role = forms.ChoiceField(
        label=_("做什么"), choices=MemberRole.choices, initial=MemberRole.EDITOR
    )
