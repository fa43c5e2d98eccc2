"""What a recogniser is told beforehand, as editors keep it."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.search import index

from subtitles.chinese.words import domain_prompt
from subtitles.choices import HintWay


class HotWord(index.Indexed, models.Model):
    """A word of our lessons: no line end cuts it, and recognition can be told of it."""

    word = models.CharField(
        _("词"), max_length=20, unique=True, help_text=_("一次一个词，例如：健康码。")
    )
    #: What was heard instead, the last time it was corrected; blank when it was simply added.
    heard = models.CharField(_("机器常听成"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("加入时间"), auto_now_add=True)

    panels: ClassVar = [FieldPanel("word"), FieldPanel("heard")]
    search_fields: ClassVar = [index.SearchField("word"), index.AutocompleteField("word")]

    class Meta:
        verbose_name = _("常用词")
        verbose_name_plural = _("常用词")
        ordering: ClassVar = ["word"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(word=""), name="a_hot_word_is_not_blank")
        ]

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        self.word = self.word.strip()
        if len(self.word) < 2 or not self.word.isalnum():
            raise ValidationError({"word": _("写两个字以上的一个词，不要标点和空格。")})


class SpeechHints(BaseGenericSetting):
    """The sentence that recognition is given, and how the words go with it."""

    prompt = models.TextField(
        _("提示句"),
        max_length=400,
        blank=True,
        default=domain_prompt,
        help_text=_(
            "像课上说的一两句话，带标点，用简体字。识别程序照着它的用词和标点来写。"
            "太长时，只有最后两百来个字起作用。"
        ),
    )
    way = models.CharField(
        _("给识别程序什么"),
        max_length=8,
        choices=HintWay.choices,
        default=HintWay.PROMPT,
        help_text=_(
            "在自带的模型上量过，只给提示句错字最少（见 benchmarks/README.md）。"
            "换了别的模型，可以再量一次。"
        ),
    )

    panels: ClassVar = [FieldPanel("prompt"), FieldPanel("way")]

    class Meta:
        verbose_name = _("听写提示")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(way__in=HintWay.values), name="a_way_of_hinting_is_a_known_one"
            )
        ]
