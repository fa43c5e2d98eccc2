"""What shows that something was done: a file, a photograph, an address."""

import uuid
from pathlib import PurePath
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.ledger.choices import EvidenceKind
from lms.ledger.models.measures import Measure


def evidence_path(evidence: "Evidence", filename: str) -> str:
    """A random name in a folder that `media` does not serve; the suffix is kept."""
    return f"ledger/evidence/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def there(self) -> Self:
        """Without what was taken back."""
        return self.filter(taken_back_at__isnull=True)


class Evidence(models.Model):
    """Of one row, for those who see that row."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("形式"), max_length=5, choices=EvidenceKind.choices)
    title = models.CharField(_("说明"), max_length=80)
    #: Blank for an address, and for what was taken back: its file is gone.
    file = models.FileField(upload_to=evidence_path, max_length=120, blank=True)
    #: Blank for a file.
    link = models.URLField(_("网址"), max_length=500, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("佐证")
        verbose_name_plural = _("佐证")
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind=EvidenceKind.LINK, file="") & ~models.Q(link="")
                | models.Q(kind__in=(EvidenceKind.FILE, EvidenceKind.PHOTO), link="")
                & (~models.Q(file="") | models.Q(taken_back_at__isnull=False)),
                name="evidence_is_a_file_or_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | models.Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="evidence_taken_back_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def suffix(self) -> str:
        """With its dot; blank for an address."""
        return PurePath(self.file.name or "").suffix
