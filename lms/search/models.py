"""What can be found, by which words, and what was sought."""

import re
import secrets
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

#: In a group; the words of one are read by a person at a glance.
WORDS_AT_MOST = 30
LONGEST_WORD = 12


class EntryKind(models.TextChoices):
    """What an entry is made of."""

    PAGE = "page", _("页面")
    MANUAL = "manual", _("简明说明书")


def new_token() -> str:
    return secrets.token_hex(8)


class SearchEntry(models.Model):
    """All that a page or a manual says, made ready for the search. The search itself goes through
    the memory of each web process (index.py), which reads these rows."""

    kind = models.CharField(max_length=6, choices=EntryKind.choices)
    key = models.PositiveBigIntegerField()  # of the page or manual
    #: What of it can be opened: the thing itself, of a manual its tasks too (texts.Sayings).
    things = models.JSONField(default=list)
    #: Another one whenever `things` has changed.
    token = models.CharField(max_length=16, default=new_token)
    #: It changed and waits to be read again; the next search or a job does that.
    stale = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("能找到的内容")
        verbose_name_plural = _("能找到的内容")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="a_thing_is_found_once"),
            models.CheckConstraint(
                condition=Q(kind__in=EntryKind.values), name="an_entrys_kind_is_a_known_one"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind"], condition=Q(stale=True), name="stale_entries")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SearchMark(models.Model):
    """One row: another token whenever an entry or a group of words has changed. A process that
    knows the token has nothing to read."""

    token = models.CharField(max_length=16, default=new_token)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_search_mark")
        ]

    def __str__(self) -> str:
        return self.token


class WordGroup(models.Model):
    """Words that mean the same to whoever looks for a lesson, misspellings among them."""

    words = models.CharField(
        _("意思相同的词"),
        max_length=400,
        help_text=_(
            "用空格分开。老人会说的、常打错的都写上，比如：打车 打的 叫车 滴滴。"
            "找其中一个，说到其他几个的课也找得到。"
        ),
    )
    leads_to = models.ForeignKey(
        Page,
        verbose_name=_("最合适的一课"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("除了标题里就有这个词的课，先给他看这一课。可以空着。"),
    )
    used = models.BooleanField(
        _("在用"),
        default=True,
        help_text=_("自带的词不想要，就去掉这个勾；删掉的，下次升级又会回来。"),
    )
    suggested = models.BooleanField(_("还没有人找过什么的时候，先推荐第一个词"), default=False)
    seldom = models.BooleanField(
        _("很少有人这样说"),
        default=False,
        help_text=_("只按拼音头一个字母找的时候，先出别的词。"),
    )
    #: First word of the built-in group that it was made from; blank for groups written here.
    starter = models.CharField(max_length=LONGEST_WORD, blank=True, editable=False)
    #: Slug of the lesson that a built-in group leads to, while it is not there; blank: none, or it
    #: has been there.
    waits_for = models.SlugField(max_length=100, blank=True, editable=False)

    panels: ClassVar = [
        FieldPanel("words"),
        FieldPanel("leads_to"),
        FieldPanel("used"),
        FieldPanel("suggested"),
        FieldPanel("seldom"),
    ]

    class Meta:
        verbose_name = _("找课的同义词")
        verbose_name_plural = _("找课的同义词")
        ordering: ClassVar = ["words"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["starter"], condition=~Q(starter=""), name="a_built_in_group_is_there_once"
            )
        ]

    def __str__(self) -> str:
        return " ".join(self.all_words[:6])

    @property
    def all_words(self) -> list[str]:
        return words_of(self.words)

    def clean(self) -> None:
        words = self.all_words
        if long := [word for word in words if len(word) > LONGEST_WORD]:
            raise ValidationError(
                {"words": _("“%(word)s”太长了，一个词最多12个字。") % {"word": long[0]}}
            )
        if len(words) < 2 and not self.leads_to_id:
            raise ValidationError(
                {"words": _("写两个以上的词，用空格分开；只有一个词，就选一课。")}
            )
        if len(words) > WORDS_AT_MOST:
            raise ValidationError({"words": _("一组最多30个词，请分成几组。")})
        self.words = " ".join(words)
        if self.leads_to_id:
            self.waits_for = ""  # though it be taken out again


def words_of(typed: str) -> list[str]:
    """Parted by blanks, commas or the like, each once."""
    return list(dict.fromkeys(filter(None, re.split(r"[\s,，、;；/]+", typed.strip()))))


class SoughtWord(models.Model):
    """How often a word was sought in a month. Nobody knows by whom."""

    word = models.CharField(_("找的词"), max_length=30)
    month = models.DateField(_("月份"))  # its first day
    times = models.PositiveIntegerField(_("找了几次"), default=0)
    in_vain = models.PositiveIntegerField(_("没找到几次"), default=0)

    class Meta:
        verbose_name = _("大家找的词")
        verbose_name_plural = _("大家找的词")
        ordering: ClassVar = ["-in_vain", "-times", "word"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["word", "month"], name="a_word_is_counted_by_months"),
            models.CheckConstraint(
                condition=Q(in_vain__lte=F("times")), name="in_vain_is_not_more_than_sought"
            ),
        ]

    def __str__(self) -> str:
        return self.word
