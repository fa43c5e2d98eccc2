"""A film on its way here: received piece by piece, whatever breaks in between."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from media.models.videos import Video

#: Below MEDIA_ROOT, so that a finished file gets to its place by renaming; nobody may fetch it.
UPLOAD_FOLDER = "uploads"


class UploadQuerySet(models.QuerySet["Upload"]):
    def waiting(self) -> Self:
        """Uploads of which no video has been made yet, those that have all their bytes included."""
        return self.filter(video__isnull=True)

    def of(self, person: Any) -> Self:
        return self.filter(owner=person)

    def abandoned(self, now: datetime) -> Self:
        return self.waiting().filter(touched_at__lt=now - kept_for())


class Upload(models.Model):
    """How much of it is here is not kept: the file itself knows, even after a power cut."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)  # as on the person's own computer
    size_bytes = models.PositiveBigIntegerField()
    #: What the sender said of the file, in tus's own writing; it comes back as sent. The web
    #: server bounds a header's length (gunicorn: 8,190 bytes).
    metadata = models.TextField(blank=True)
    #: Hash of name, size and time of last change: the same file, chosen once more, has the same.
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(default=timezone.now)  # when the last bytes came
    #: What was made of it; None until then.
    video = models.OneToOneField(
        Video, null=True, on_delete=models.CASCADE, related_name="received_as"
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "fingerprint"], name="a_person_uploads_a_file_once"
            ),
            models.CheckConstraint(
                condition=models.Q(size_bytes__gt=0), name="an_upload_has_a_size"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where its bytes are gathered; there is nothing there before the first and at the end."""
        return Path(settings.MEDIA_ROOT) / UPLOAD_FOLDER / f"{self.key.hex}.part"

    @property
    def received_bytes(self) -> int:
        if self.video_id is not None:
            return self.size_bytes
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    @property
    def is_whole(self) -> bool:
        return self.received_bytes == self.size_bytes

    @property
    def percent(self) -> int:
        return self.received_bytes * 100 // self.size_bytes

    @property
    def expires_at(self) -> datetime:
        return self.touched_at + kept_for()


def kept_for() -> timedelta:
    return timedelta(days=settings.UPLOAD_KEPT_DAYS)
