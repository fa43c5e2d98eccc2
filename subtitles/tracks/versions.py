"""Versions: what a track was before a change."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Max
from django.utils import timezone

from subtitles.choices import Origin
from subtitles.models import Track, TrackVersion
from subtitles.recognition.recognise import RecognitionOptions

#: Fields of a cue that a version holds.
KEPT = ("start_ms", "end_ms", "text", "chapter", "probability", "doubts", "word_times",
        "heard", "problems", "waived")  # fmt: skip
#: A person's changes without a longer break are one sitting, before which a version is kept.
SITTING = timedelta(minutes=30)
#: Of two who work at once, one version for so long is enough.
BETWEEN_TWO = timedelta(minutes=5)


def cues_as_kept(track: Track) -> list[dict[str, Any]]:
    return list(track.cues.order_by("start_ms", "pk").values(*KEPT))


def keep_version(
    track: Track,
    *,
    origin: Origin,
    by: AbstractUser | None = None,
    cues: list[dict[str, Any]] | None = None,
    options: RecognitionOptions | None = None,
) -> TrackVersion:
    """Keep `cues`, or with None the track as it stands now. The caller holds the track's row.

    by: None for a machine. options: those that a machine heard it with; None where a person's
    work is kept, or a machine's of which the track alone knows.
    """
    how = {} if options is None else {"prompt": options.prompt, "hotwords": options.hotwords}
    if origin == Origin.MACHINE:
        how["engine"] = track.engine if options is None else options.engine
        how["model"] = track.model if options is None else options.model
    newest = track.versions.aggregate(newest=Max("number"))["newest"] or 0
    return TrackVersion.objects.create(
        track=track,
        number=newest + 1,
        origin=origin,
        edit=track.edit if cues is None else None,
        made_at=(track.corrected_at or track.made_at) if cues is None else timezone.now(),
        made_by_id=None if by is None else by.pk,
        cues=cues_as_kept(track) if cues is None else cues,
        **how,
    )


def keep_what_stands(track: Track) -> None:
    """Keep the track as it stands, unless that has been done. The caller holds its row."""
    if track.versions.filter(edit=track.edit).exists():
        return
    if track.corrected_at is None:
        keep_version(track, origin=Origin.MACHINE if track.engine else Origin.PERSON)
    else:
        keep_version(track, origin=Origin.PERSON, by=track.corrected_by)


def keep_before_sitting(track: Track, *, by: AbstractUser) -> None:
    """As keep_what_stands, when `by` begins a new sitting. The caller holds the track's row."""
    now = timezone.now()
    if track.corrected_at is None or now - track.corrected_at >= SITTING:
        keep_what_stands(track)
    elif track.corrected_by_id != by.pk:
        of_persons = track.versions.filter(origin=Origin.PERSON)
        if not of_persons.filter(made_at__gt=now - BETWEEN_TWO).exists():
            keep_what_stands(track)
