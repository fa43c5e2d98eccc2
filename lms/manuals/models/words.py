"""The city's own list of words that elders do not understand, kept by its reviewers."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.manuals.choices import WordKind


class PlainWord(models.Model):
    """One word. It overrides the same word of the built-in lists (readability/data)."""

    word = models.CharField(_("词"), max_length=20, unique=True)
    kind = models.CharField(_("怎么办"), max_length=8, choices=WordKind.choices)
    instead = models.CharField(
        _("换成"), max_length=40, blank=True, help_text=_("公文话可以空着，就是去掉它。")
    )

    class Meta:
        verbose_name = _("要说得好懂的词")
        verbose_name_plural = _("要说得好懂的词")
        ordering: ClassVar = ["word"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=WordKind.values), name="a_words_kind_is_a_known_one"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=WordKind.JARGON) | ~models.Q(instead=""),
                name="jargon_has_plain_words_instead",
                violation_error_message=_("请写换成什么，老人才懂。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.instead}" if self.instead else self.word

    def clean(self) -> None:
        self.word, self.instead = self.word.strip(), self.instead.strip()
        if not self.word:
            raise ValidationError({"word": _("请写一个词。")})
