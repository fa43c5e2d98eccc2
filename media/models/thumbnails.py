"""The pictures of a video's storyboard, at even distances."""

import uuid
from typing import ClassVar

from django.db import models

from media.models.videos import Video


def thumbnail_path(thumbnail: "Thumbnail", filename: str) -> str:
    return f"posters/{thumbnail.video.key.hex}-{thumbnail.at_ms}-{uuid.uuid4().hex[:8]}.jpg"


class Thumbnail(models.Model):
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="thumbnails")
    at_ms = models.PositiveIntegerField()
    file = models.FileField(upload_to=thumbnail_path, max_length=120)

    class Meta:
        ordering: ClassVar = ["at_ms"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["video", "at_ms"], name="a_video_has_one_thumbnail_of_a_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.video} {self.at_ms}"
