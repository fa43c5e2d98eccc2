"""Why a maker keeps a word that the readability check stops."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.manuals.models.manuals import ManualVersion


class WordAnswer(models.Model):
    """“This is right here”: one word in one field of one part of a version, and the reason, which
    the reviewer reads. It counts as long as the word stands there."""

    version = models.ForeignKey(ManualVersion, on_delete=models.CASCADE, related_name="answers")
    #: Of the part; empty for the version itself.
    key = models.CharField(max_length=36, blank=True)
    field = models.CharField(max_length=20)
    word = models.CharField(_("词"), max_length=200)
    reason = models.CharField(_("为什么这样写是对的"), max_length=120)
    #: None when the person's account is gone.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("留着一个词的理由")
        verbose_name_plural = _("留着一个词的理由")
        ordering: ClassVar = ["version", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "key", "field", "word"],
                name="a_word_is_answered_for_once_in_a_field",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(word=""),
                name="whoever_keeps_a_word_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word}：{self.reason}"
