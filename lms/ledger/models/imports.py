"""A table that was sent: looked at first, then imported, perhaps taken back."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.ledger.choices import ImportState
from lms.people.models import administered_by
from lms.units.models import Unit

#: A preview that nobody confirms is thrown away with all that it holds.
PREVIEW_FOR = timedelta(hours=24)


class LedgerImportQuerySet(models.QuerySet["LedgerImport"]):
    def of(self, user: Visitor) -> Self:
        """What the user, an officer still, sent, while it is not thrown away."""
        if not user.is_authenticated:
            return self.none()
        mine = self.filter(administered_by(user, prefix="unit__"), sent_by=user.pk)
        return mine.exclude(_expired())

    def undoable_by(self, user: Visitor) -> Self:
        """What an officer of its unit may take back, whoever sent it."""
        return self.filter(administered_by(user, prefix="unit__"), state=ImportState.DONE)

    def expired(self) -> Self:
        return self.filter(_expired())


def _expired() -> models.Q:
    return models.Q(state=ImportState.PREVIEW, sent_at__lt=timezone.now() - PREVIEW_FOR)


class LedgerImport(models.Model):
    """The file itself is never kept. While it is looked at, `rows` holds all of it (SheetRow of
    reading.py); afterwards what was done for each, so that it can be undone."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="ledger_imports"
    )
    state = models.CharField(max_length=7, choices=ImportState.choices, default=ImportState.PREVIEW)
    file_name = models.CharField(_("文件"), max_length=120)
    #: What stands above the rows, and in which columns: the office's own table (sheets.layout).
    layout = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    notes = models.JSONField(default=list)  # what whoever sent it should know, in words
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(auto_now_add=True)
    made = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LedgerImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账导入")
        verbose_name_plural = _("台账导入")
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=ImportState.values),
                name="a_ledger_imports_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ImportState.PREVIEW, done_at__isnull=True)
                | models.Q(~models.Q(state=ImportState.PREVIEW), done_at__isnull=False),
                name="a_table_that_was_imported_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=ImportState.UNDONE, undone_at__isnull=False, undone_by__isnull=False
                )
                | models.Q(
                    ~models.Q(state=ImportState.UNDONE),
                    undone_at__isnull=True,
                    undone_by__isnull=True,
                ),
                name="a_table_that_was_undone_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"
