"""What a machine heard, put where viewers or reviewers find it."""

from collections.abc import Sequence
from dataclasses import astuple
from itertools import zip_longest

from django.db import transaction
from django.utils import timezone

from media.choices import ENDED, StageState
from media.models import Stage, Video
from subtitles.choices import Origin, TrackState
from subtitles.cues import Cue
from subtitles.cues.problems import find_problems
from subtitles.models import Track, TrackCue
from subtitles.recognition.recognise import RecognitionOptions
from subtitles.tracks.versions import KEPT, keep_version


@transaction.atomic
def publish_machine_track(
    video: Video, *, options: RecognitionOptions, cues: Sequence[Cue]
) -> Track | None:
    """Make or renew the video's machine subtitles, and return them.

    None when a person has corrected or reviewed the track that stands: a machine never replaces
    that, so what it heard is kept as a version beside it, once.
    """
    Track.objects.get_or_create(video=video, language=options.language)
    track = Track.objects.select_for_update().get(video=video, language=options.language)
    rows = machine_cues(cues)
    if track.state != TrackState.MACHINE or track.corrected_at is not None:
        kept = [{field: getattr(row, field) for field in KEPT} for row in rows]
        newest = track.versions.filter(origin=Origin.MACHINE).first()
        said_before = newest is not None and newest.cues == kept and newest.prompt == options.prompt
        if not said_before:  # as after a worker's death between this and the stage's end
            keep_version(track, origin=Origin.MACHINE, cues=kept, options=options)
        return None
    track.engine, track.model = options.engine, options.model
    track.made_at = timezone.now()
    track.edit += 1
    track.save()
    track.cues.all().delete()
    for row in rows:
        row.track, row.noted = track, track.edit
    TrackCue.objects.bulk_create(rows)
    keep_version(track, origin=Origin.MACHINE, options=options)
    return track


def machine_cues(cues: Sequence[Cue]) -> list[TrackCue]:
    """Rows for `cues`, not saved, with what a reviewer has to look at."""
    return [
        TrackCue(
            start_ms=cue.start_ms,
            end_ms=cue.end_ms,
            text="\n".join(cue.lines),
            chapter=cue.chapter,
            probability=cue.probability,
            doubts=[list(astuple(doubt)) for doubt in cue.doubts],
            word_times=[list(astuple(time)) for time in cue.word_times],
            heard="\n".join(cue.lines),
            problems=[problem.reason.value for problem in find_problems(cue, next_cue=next_cue)],
        )
        for cue, next_cue in zip_longest(cues, cues[1:])
    ]


def listen_again(video: Video) -> bool:
    """Have the video transcribed once more, whether or not anything changed since.

    False: it is being transcribed, or has not been planned yet.
    """
    ended = Stage.objects.filter(video=video, kind="transcript", state__in=ENDED)
    return bool(
        ended.update(
            state=StageState.QUEUED,
            attempts=0,
            progress=0,
            message="",
            fingerprint="",
            due_at=timezone.now(),
        )
    )
