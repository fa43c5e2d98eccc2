"""Who is at a track's desk, and what they have looked at."""

from collections.abc import Collection
from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone

from subtitles.models import Reviewer, Track

GONE_AFTER = timedelta(seconds=12)  # a desk asks for news every three


def note_reviewer(track: Track, *, user: AbstractUser, cue: int | None) -> list[Reviewer]:
    """Say that `user` is at the desk, in `cue` or in none; return the others who are there."""
    now = timezone.now()
    Reviewer.objects.update_or_create(
        track=track, user_id=user.pk, defaults={"cue": cue, "seen_at": now}
    )
    here = track.reviewers.exclude(user_id=user.pk).filter(seen_at__gt=now - GONE_AFTER)
    return list(here.select_related("user").order_by("pk"))


@transaction.atomic
def note_seen(track: Track, *, by: AbstractUser, cues: Collection[int]) -> None:
    """Say that `by` was in these cues or listened to them. Ids of cues that are gone pass.

    This is no change of the track; it is forgotten when a cue's words change.
    """
    Track.objects.select_for_update().get(pk=track.pk)  # a change puts its cues in anew
    unseen = track.cues.filter(pk__in=cues, seen_at=None)
    unseen.update(seen_at=timezone.now(), seen_by_id=by.pk)
