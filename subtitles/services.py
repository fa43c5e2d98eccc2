"""Verbs that write tracks."""

from collections.abc import Sequence
from itertools import zip_longest

from django.db import transaction

from media.models import Video
from subtitles.cues import Cue
from subtitles.models import Track, TrackCue
from subtitles.problems import find_problems
from subtitles.recognition import RecognitionOptions


@transaction.atomic
def publish_machine_track(
    video: Video, *, options: RecognitionOptions, cues: Sequence[Cue]
) -> Track | None:
    """Make or renew the video's machine subtitles, and return them.

    None, and nothing is changed, when a person has corrected or reviewed the track that stands:
    a machine never replaces that.
    """
    Track.objects.get_or_create(video=video, language=options.language)
    track = (
        Track.objects.untouched()
        .select_for_update()
        .filter(video=video, language=options.language)
        .first()
    )
    if track is None:
        return None
    track.engine = options.engine
    track.model = options.model
    track.save()
    track.cues.all().delete()
    TrackCue.objects.bulk_create(
        TrackCue(
            track=track,
            start_ms=cue.start_ms,
            end_ms=cue.end_ms,
            text="\n".join(cue.lines),
            probability=cue.probability,
            problems=[problem.reason for problem in find_problems(cue, next_cue=next_cue)],
        )
        for cue, next_cue in zip_longest(cues, cues[1:])
    )
    return track
