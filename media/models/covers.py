"""The cover of a page or of a manual: the picture on its tile."""

import uuid
from pathlib import PurePath
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


def cover_path(cover: "Cover", filename: str) -> str:
    return f"covers/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


class Cover(models.Model):
    """16:9, as WebP and as JPEG for old televisions. media.covers draws it when it is wanted anew;
    until then the old one stays."""

    #: Whose it is, as media.covers.services.of_page has it (`page-12`).
    name = models.CharField(max_length=64, unique=True)
    #: What it shows: a media.covers.scenes.CoverScene as JSON.
    scene = models.JSONField()
    digest = models.CharField(max_length=64)
    #: That of the scene in the files; blank before the first.
    drawn_digest = models.CharField(max_length=64, blank=True)
    webp = models.FileField(upload_to=cover_path, max_length=120, blank=True)
    jpeg = models.FileField(upload_to=cover_path, max_length=120, blank=True)
    #: How often this scene was tried and not drawn.
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("封面")
        verbose_name_plural = _("封面")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(drawn_digest="", webp="", jpeg="")
                | (~models.Q(drawn_digest="") & ~models.Q(webp="") & ~models.Q(jpeg="")),
                name="a_cover_has_both_files_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name
