"""Requeues stages whose results are outdated after a change of a video's details."""

from django.utils import timezone

from media.choices import FINISHED_WELL, StageState
from media.models import Stage, Video
from media.pipeline.stages import KINDS


def requeue_outdated(video: Video) -> list[str]:
    """Queue the finished stages whose fingerprint has changed; return their kinds.

    A running one ends first, with the old details, and is then requeued (requeue_if_outdated).
    """
    finished = Stage.objects.filter(video=video, state__in=FINISHED_WELL)
    outdated = [
        stage.kind
        for stage in finished
        if KINDS[stage.kind].fingerprint(video) != stage.fingerprint
    ]
    finished.filter(kind__in=outdated).update(
        state=StageState.QUEUED, attempts=0, progress=0, message="", due_at=timezone.now()
    )
    return outdated
