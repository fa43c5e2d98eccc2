"""A learner's story, from the form to the editors' drafts."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

#: Telephone, bank card and identity-card numbers: who tells a story must not give these away.
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")
TITLE_LENGTH = 16


class StoryForm(forms.Form):
    teller = forms.CharField(
        label=_("怎么称呼您"),
        max_length=20,
        help_text=_("比如：陈阿婆。不用写全名。"),
        error_messages={"required": _("请写怎么称呼您，比如“陈阿婆”。")},
    )
    place = forms.CharField(label=_("您住哪个村居（可以不写）"), max_length=30, required=False)
    words = forms.CharField(
        label=_("您的故事"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("学会了什么？躲过了什么骗局？不要写电话、住址和银行卡号。"),
        error_messages={
            "required": _("请写几句话。"),
            "max_length": _("太长了，请写600个字以内。"),
        },
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if LONG_NUMBER.search(words):
            raise ValidationError(
                _("故事里有一长串数字，像是电话或者卡号。为了您的安全，请去掉再交。")
            )
        return words


def title_of_story(*, teller: str, words: str) -> str:
    """Its first words, for the editors' list; who tells it where it begins with a mark."""
    first_words = re.split(r"[，。！？\n]", words.strip())[0][:TITLE_LENGTH]
    return first_words or teller


@transaction.atomic
def hand_in_story(*, shelf: Page, story: Page) -> None:
    """Put the story, not saved yet, under the shelf as a draft, and start the editors' workflow,
    if there is one."""
    story.live = False
    shelf.add_child(instance=story)
    story.save_revision()
    workflow = story.get_workflow()
    if workflow is not None:
        workflow.start(story, None)
