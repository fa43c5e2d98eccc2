"""A file that is being uploaded in pieces and can be resumed after any interruption."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from media.models.videos import Video

#: Below MEDIA_ROOT, so that a finished file can be renamed into place. Not served over HTTP.
UPLOAD_FOLDER = "uploads"


class UploadQuerySet(models.QuerySet["Upload"]):
    def waiting(self) -> Self:
        """Uploads of which no video has been made yet, those that have all their bytes included."""
        return self.filter(video__isnull=True)

    def of(self, person: AbstractBaseUser | AnonymousUser) -> Self:
        """Uploads that the person began; none for anonymous users."""
        return self.filter(owner_id=person.pk)

    def abandoned(self, now: datetime) -> Self:
        return self.waiting().filter(touched_at__lt=now - kept_for())


class Upload(models.Model):
    """Has no column for the received bytes: the file's size tells, even after a power cut."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)  # as on the person's own computer
    size_bytes = models.PositiveBigIntegerField()
    #: The Upload-Metadata header, returned as it was sent. The web server limits its length
    #: (gunicorn: 8,190 bytes).
    metadata = models.TextField(blank=True)
    #: Hash of name, size and time of last change, by which the same file is recognised.
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(default=timezone.now)  # when the last bytes came
    #: The video that was made of it; None until then.
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
        """The file of the received bytes; missing before the first and after the video is made."""
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
