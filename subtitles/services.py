"""Verbs that write tracks."""

from collections.abc import Sequence

from django.db import transaction

from media.models import Video
from subtitles.cues import Cue
from subtitles.models import Track, TrackCue


@transaction.atomic
def publish_machine_track(
    video: Video, *, language: str, engine: str, model: str, cues: Sequence[Cue]
) -> Track | None:
    """Make or renew the video's machine subtitles, and return them.

    None, and nothing is changed, when a person has corrected or reviewed the track that stands:
    a machine never replaces that.
    """
    Track.objects.get_or_create(video=video, language=language)
    track = (
        Track.objects.untouched().select_for_update().filter(video=video, language=language).first()
    )
    if track is None:
        return None
    track.engine = engine
    track.model = model
    track.save()
    track.cues.all().delete()
    TrackCue.objects.bulk_create(
        TrackCue(
            track=track,
            start_ms=cue.start_ms,
            end_ms=cue.end_ms,
            text="\n".join(cue.lines),
            probability=cue.probability,
            problems=[problem.code for problem in cue.problems],
        )
        for cue in cues
    )
    return track
