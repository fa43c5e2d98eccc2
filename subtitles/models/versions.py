"""What a track was before, and who is at it now."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subtitles.choices import Origin
from subtitles.models.tracks import Track


class TrackVersion(models.Model):
    """All cues of a track as they once stood, or as a machine heard them beside a person's.

    `edit` is the `Track.edit` whose state it holds; None for one that never stood.
    """

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()  # from 1, in the order in which they were kept
    origin = models.CharField(max_length=8, choices=Origin.choices)
    edit = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    #: None for a machine's.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: How a machine heard it, and what hints it had; blank for a person's.
    engine = models.CharField(max_length=32, blank=True)
    model = models.CharField(max_length=200, blank=True)
    prompt = models.TextField(blank=True)
    hotwords = models.TextField(blank=True)
    #: The fields of each cue that are its own (subtitles.tracks.versions.KEPT), by start.
    cues: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["track", "number"], name="a_track_has_one_version_of_a_number"
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=Origin.values),
                name="a_versions_origin_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(origin=Origin.MACHINE) | ~models.Q(engine=""),
                name="a_machines_version_says_by_which_engine",
            ),
        ]

    def __str__(self) -> str:
        return _("第%(number)d版") % {"number": self.number}


class Reviewer(models.Model):
    """Somebody has the desk of a track open; stale after some seconds without a word."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: The cue that they are in; None while in none. No key: cues come and go.
    cue = models.PositiveBigIntegerField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["track", "user"], name="a_person_is_present_at_a_track_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.track}"
