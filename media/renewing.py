"""Have made anew what a change of a video's details has made out of date."""

from django.utils import timezone

from media.choices import FINISHED_WELL, StageState
from media.models import Stage, Video
from media.stages import KINDS


def queue_outdated(video: Video) -> list[str]:
    """Queue the finished stages whose input or parameters are not what they were; return kinds.

    One in hand ends first, with the details that it began with, and is then queued once more.
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
