"""A manual as its maker had it already: a file from which a draft is made."""

import uuid
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.manuals.choices import OriginalState
from lms.manuals.models.manuals import Manual
from lms.manuals.models.organisations import Organisation
from lms.manuals.models.products import Product

#: A folder that `media` does not serve; our own views check who asks.
ORIGINALS_FOLDER: Final = "manufacturers/originals"


class OriginalQuerySet(models.QuerySet["Original"]):
    def of(self, organisation: Organisation) -> Self:
        return self.filter(organisation=organisation)

    def unheld(self, now: datetime) -> Self:
        """What is to be read and nobody reads: it waits, or its reader fell silent."""
        return self.filter(
            models.Q(state=OriginalState.WAITING)
            | models.Q(state=OriginalState.READING, lease_until__lt=now)
        )


class Original(models.Model):
    """The file that a manual was begun from, and what was found in it. Its pages stay beside the
    steps of every version; the file itself goes when the draft is made."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="originals"
    )
    #: None while it is not said yet; the file may tell.
    product = models.ForeignKey(
        Product, null=True, on_delete=models.SET_NULL, related_name="originals"
    )
    #: What it became; None before.
    manual = models.OneToOneField(
        Manual, null=True, on_delete=models.CASCADE, related_name="original"
    )
    name = models.CharField(_("文件名"), max_length=255, blank=True)
    state = models.CharField(
        _("状态"), max_length=8, choices=OriginalState.choices, default=OriginalState.WAITING
    )
    #: Of whoever reads it now; a reader that lost its lease changes nothing.
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    pages_read = models.PositiveSmallIntegerField(default=0)
    #: 0: not known yet.
    pages = models.PositiveSmallIntegerField(default=0)
    #: Why it was refused: a name and what stands in the sentence (exchange/originals/wording.py).
    refusal = models.JSONField(default=dict)
    #: What was found: a DraftedManual (exchange/originals/drafted.py).
    found = models.JSONField(default=dict)
    added_at = models.DateTimeField(auto_now_add=True)
    #: None when the person's account is gone.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = OriginalQuerySet.as_manager()

    class Meta:
        verbose_name = _("原来的说明书")
        verbose_name_plural = _("原来的说明书")
        ordering: ClassVar = ["-added_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=OriginalState.values),
                name="an_originals_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=OriginalState.READING)
                | models.Q(token__isnull=False, lease_until__isnull=False),
                name="an_original_that_is_read_has_a_reader_and_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.key)

    @property
    def folder(self) -> Path:
        root = Path(settings.MEDIA_ROOT) / ORIGINALS_FOLDER
        return root / str(self.organisation_id) / self.key.hex

    @property
    def is_being_read(self) -> bool:
        return self.state in {OriginalState.WAITING, OriginalState.READING}

    @property
    def percent(self) -> int:
        """Of its pages; the last tenth is for what comes after them."""
        return round(90 * self.pages_read / self.pages) if self.pages else 0

    @property
    def is_silent(self) -> bool:
        """Whether whoever read it has stopped."""
        return self.state == OriginalState.WAITING or (
            self.lease_until is not None and self.lease_until < timezone.now()
        )
