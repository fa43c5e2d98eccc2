"""What a draft was before its parts were last moved, added, changed or removed by a press."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.manuals.models.manuals import ManualVersion


class DraftUndo(models.Model):
    """One step back for each draft, kept here so that it is there after a reload and on another
    machine. Undoing is a press too: it leaves the way forward again."""

    version = models.OneToOneField(ManualVersion, on_delete=models.CASCADE, related_name="undo")
    #: What was done, in a word or two: 删除.
    what = models.CharField(max_length=20)
    #: Whether it leads forward again, after an undo.
    redoes = models.BooleanField(default=False)
    #: The draft's parts before and after (services/undoing.py says in which form).
    before = models.JSONField()
    after = models.JSONField()
    #: None when the person's account is gone.
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("撤销")
        verbose_name_plural = _("撤销")

    def __str__(self) -> str:
        return self.what
