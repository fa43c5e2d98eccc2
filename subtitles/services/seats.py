"""Who is at a track's desk."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from subtitles.models import Reviewer, Track

GONE_AFTER = timedelta(seconds=12)  # a desk asks for news every three


def note_reviewer(track: Track, *, user: Any, cue: int | None) -> list[Reviewer]:
    """Say that `user` is at the desk, in `cue` or in none; return the others who are there."""
    now = timezone.now()
    Reviewer.objects.update_or_create(track=track, user=user, defaults={"cue": cue, "seen_at": now})
    here = track.reviewers.exclude(user=user).filter(seen_at__gt=now - GONE_AFTER)
    return list(here.select_related("user").order_by("pk"))
