"""Plans, claims, runs and finishes stages."""

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from media.choices import ENDED, IN_HAND, StageState
from media.errors import DATABASE_AWAY, ExplainedError, full_disk_words, is_full_disk
from media.ffmpeg.abilities import FfmpegUnfit
from media.ffmpeg.probe import UnusableMedia
from media.models import Stage, Video
from media.models.stages import LONGEST_MESSAGE
from media.models.videos import VideoQuerySet
from media.pipeline.stages import (
    KINDS,
    NotNeeded,
    NotYet,
    Progress,
    StageFailed,
    StageKind,
    kinds_of,
)

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
#: At most so many messages wait at the broker; a long queue would have to be sent repeatedly.
SEND_AHEAD = 8
RETRY_AFTER = timedelta(seconds=5)
LOOK_AGAIN_AFTER = timedelta(seconds=30)  # when the disk was full
INPUT_AFTER = timedelta(seconds=5)  # when what a stage works on is being made
#: How long a worker waits for the database to write its finished result.
DATABASE_PATIENCE_SECONDS = 1800.0
PROGRESS_INTERVAL_SECONDS = 0.5


class LeaseLost(Exception):
    """Another worker holds the stage now; this one's result must not be kept."""


def lease() -> timedelta:
    return timedelta(seconds=settings.STAGE_LEASE_SECONDS)


def plan_stages(among: VideoQuerySet | None = None) -> int:
    """Create the stages of videos that have none, `among` some or all, the oldest first: so they
    are begun in the order in which they were asked for. Returns the number of videos."""
    among = Video.objects.all() if among is None else among
    videos = list(among.without_stages().order_by("created_at", "pk"))
    for video in videos:
        Stage.objects.bulk_create(
            [Stage(video=video, kind=kind.name) for kind in kinds_of(video)],
            ignore_conflicts=True,
        )
    return len(videos)


def return_abandoned_stages() -> int:
    """Requeue stages whose lease ran out; those with MAX_ATTEMPTS fail. Returns the requeued."""
    now = timezone.now()
    abandoned = Stage.objects.abandoned(now)
    hopeless = abandoned.filter(attempts__gte=MAX_ATTEMPTS)
    words = _("处理时中断了%(count)d次。请检查文件后点“再试一次”。") % {"count": MAX_ATTEMPTS}
    for name in set(hopeless.values_list("kind", flat=True)):
        hopeless.filter(kind=name).update(
            state=StageState.FAILED,
            token=None,
            finished_at=now,
            message=str(KINDS[name].failure_message) or words,
        )
    returned = abandoned.update(state=StageState.QUEUED, token=None, progress=0)
    if returned:
        logger.warning("%d stages were returned from workers whose lease ran out", returned)
    return returned


def fail_blocked_stages() -> int:
    """Fail the queued stages whose need has failed for good, and those that need them in turn.

    Returns their number. `try_again` queues them all once more.
    """
    if not Stage.objects.filter(
        state=StageState.QUEUED, video__stages__state=StageState.FAILED
    ).exists():
        return 0
    ended = 0
    for kind in KINDS.values():  # in their order, so that a need comes before what needs it
        for need in kind.needs:
            words = _("前面的“%(step)s”没有成功，这一步就没有做。") % {"step": KINDS[need].label}
            ended += Stage.objects.blocked_by(kind.name, need=need).update(
                state=StageState.FAILED, finished_at=timezone.now(), message=words
            )
    return ended


def free_send_slots() -> int:
    """How many more messages may be sent to the broker."""
    return max(0, SEND_AHEAD - Stage.objects.filter(state=StageState.SENT).count())


def claim_due_stages(*, limit: int, video: Video | None = None) -> list[Stage]:
    """Mark due stages, of one video or all there are, as sent: at most `limit`, none twice."""
    now = timezone.now()
    claimed: list[Stage] = []
    for kind in KINDS.values():
        due = Stage.objects.due(kind.name, needs=kind.needs, now=now).order_by("due_at", "pk")
        if video is not None:
            due = due.filter(video=video)
        free = limit - len(claimed)
        if kind.at_once is not None:
            in_hand = Stage.objects.filter(kind=kind.name, state__in=IN_HAND).count()
            free = min(free, max(0, kind.at_once - in_hand))
        for stage in due[:free]:
            stage.token = uuid.uuid4()
            won = Stage.objects.filter(pk=stage.pk, state=StageState.QUEUED).update(
                state=StageState.SENT, token=stage.token, lease_until=now + lease()
            )
            if won:
                claimed.append(stage)
    return claimed


def start_stage(stage_id: int, *, token: uuid.UUID) -> Stage | None:
    """Start a sent stage; None when the message is stale or was delivered twice."""
    now = timezone.now()
    new_token = uuid.uuid4()
    won = Stage.objects.filter(pk=stage_id, state=StageState.SENT, token=token).update(
        state=StageState.RUNNING,
        token=new_token,
        attempts=F("attempts") + 1,
        progress=0,
        message="",
        started_at=now,
        heartbeat_at=now,
        lease_until=now + lease(),
    )
    if not won:
        return None
    return Stage.objects.select_related("video", "narration__page").get(pk=stage_id)


def extend_lease(stage: Stage, *, progress: int | None = None) -> None:
    """Extend the lease and store the progress. Raises LeaseLost when another worker has it."""
    now = timezone.now()
    changes: dict[str, object] = {"heartbeat_at": now, "lease_until": now + lease()}
    if progress is not None:
        changes["progress"] = progress
    if not Stage.objects.filter(pk=stage.pk, token=stage.token).update(**changes):
        raise LeaseLost(stage)


def finish_stage(stage: Stage, *, state: StageState, message: str = "", fingerprint: str) -> None:
    """Finish a stage; a long message is cut. Raises LeaseLost when another worker has it."""
    won = Stage.objects.filter(pk=stage.pk, token=stage.token).update(
        state=state,
        token=None,
        progress=100 if state == StageState.DONE else F("progress"),
        message=Truncator(message).chars(LONGEST_MESSAGE),
        fingerprint=fingerprint,
        finished_at=timezone.now(),
    )
    if not won:
        raise LeaseLost(stage)


@transaction.atomic
def fail_stage(stage: Stage, reason: str) -> None:
    """Fail a stage for good, and those that need it.

    Raises LeaseLost when another worker has it.
    """
    logger.warning("Stage %s (%s) of %s failed: %s", stage.pk, stage.kind, stage.subject, reason)
    message = str(KINDS[stage.kind].failure_message) or reason
    finish_stage(stage, state=StageState.FAILED, message=message, fingerprint="")
    fail_blocked_stages()


def requeue_if_outdated(stage: Stage, kind: StageKind, fingerprint: str) -> None:
    """Queue it once more when its subject's details were changed while it ran."""
    subject = type(stage.subject)._default_manager.filter(pk=stage.subject.pk).first()
    if subject is not None and kind.fingerprint(subject) != fingerprint:
        Stage.objects.filter(pk=stage.pk, state=StageState.DONE).update(
            state=StageState.QUEUED, attempts=0, progress=0, due_at=timezone.now()
        )


def retry_later(stage: Stage, error: Exception) -> None:
    """After an unforeseen error: queue it again a little later; after MAX_ATTEMPTS fail it."""
    if is_full_disk(error):
        wait_for_disk_space(stage)
        return
    if stage.attempts >= MAX_ATTEMPTS:
        words = _("试了%(count)d次都没有成功。请点“再试一次”；还不行，请换一个文件。")
        told = isinstance(error, ExplainedError)
        fail_stage(stage, str(error) if told else words % {"count": MAX_ATTEMPTS})
        return
    Stage.objects.filter(pk=stage.pk, token=stage.token).update(
        state=StageState.QUEUED, token=None, due_at=timezone.now() + RETRY_AFTER * stage.attempts
    )


def wait_for_disk_space(stage: Stage) -> None:
    """Queue it again without counting the attempt, which failed for a full disk."""
    wait_for(stage, full_disk_words(), LOOK_AGAIN_AFTER)


def wait_for(stage: Stage, message: str, pause: timedelta) -> None:
    """Queue it again after a pause without counting the attempt; `message` says why."""
    Stage.objects.filter(pk=stage.pk, token=stage.token).update(
        state=StageState.QUEUED,
        token=None,
        attempts=F("attempts") - 1,
        progress=0,
        message=message,
        due_at=timezone.now() + pause,
    )


def wait_for_database() -> None:
    """Return when it answers; raises its error after DATABASE_PATIENCE_SECONDS."""
    patient_until = time.monotonic() + DATABASE_PATIENCE_SECONDS
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return
        except DATABASE_AWAY:
            connection.close()
            if time.monotonic() > patient_until:
                raise
            time.sleep(1.0)


@contextmanager
def heartbeat(stage: Stage) -> Iterator[None]:
    """Extend the stage's lease from a thread while the body runs."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(settings.STAGE_LEASE_SECONDS / 3):
            try:
                extend_lease(stage)
            except LeaseLost:
                logger.warning("Stage %s was taken away from this worker", stage.pk)
                break
            except DATABASE_AWAY:
                logger.warning("Stage %s could not say that it is worked on", stage.pk)
                connection.close()
        connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{stage.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class ProgressReport:
    """Writes a stage's progress to its row, not more often than twice a second."""

    def __init__(self, stage: Stage, listener: Progress | None) -> None:
        self.stage = stage
        self.listener = listener
        self.written_at = 0.0

    def __call__(self, fraction: float) -> None:
        if self.listener is not None:
            self.listener(fraction)
        now = time.monotonic()
        if now - self.written_at >= PROGRESS_INTERVAL_SECONDS:
            self.written_at = now
            try:
                extend_lease(self.stage, progress=round(100 * min(max(fraction, 0.0), 1.0)))
            except DATABASE_AWAY:  # missing progress does not stop the work
                connection.close()


def run_stage(stage_id: int, *, token: uuid.UUID, listener: Progress | None = None) -> None:
    """Run one stage to its end or failure. Idempotent: a second message finds nothing to do.

    `listener` is told the progress as well; None for none.
    """
    stage = start_stage(stage_id, token=token)
    if stage is None:
        return
    kind = KINDS[stage.kind]
    fingerprint = kind.fingerprint(stage.subject)
    try:
        note = None
        with heartbeat(stage):
            if fingerprint != stage.fingerprint:
                note = kind.run(stage.subject, ProgressReport(stage, listener))
            wait_for_database()
        finish_stage(stage, state=StageState.DONE, message=note or "", fingerprint=fingerprint)
        requeue_if_outdated(stage, kind, fingerprint)
    except NotNeeded as reason:
        finish_stage(stage, state=StageState.SKIPPED, message=str(reason), fingerprint=fingerprint)
    except NotYet as reason:
        wait_for(stage, str(reason), INPUT_AFTER)
    except (UnusableMedia, StageFailed, FfmpegUnfit) as reason:
        fail_stage(stage, str(reason))
    except LeaseLost:
        logger.warning("Stage %s went on elsewhere; this worker's result is dropped", stage.pk)
    except Exception as error:
        detail = getattr(error, "detail", "")
        logger.exception("Stage %s (%s) of %s %s", stage.pk, stage.kind, stage.subject, detail)
        wait_for_database()
        retry_later(stage, error)


def do_on_request(video: Video, kind: str) -> None:
    """Have a stage done here and now that is not planned with the others, unless what it made is
    as it should be, or a worker has it in hand. That it failed is written in its row."""
    token = uuid.uuid4()
    held = {
        "state": StageState.SENT,  # by ourselves, so that no dispatcher sends it besides
        "token": token,
        "lease_until": timezone.now() + lease(),
        "attempts": 0,
    }
    stage, is_new = Stage.objects.get_or_create(video=video, kind=kind, defaults=held)
    if not is_new:
        if stage.fingerprint == KINDS[kind].fingerprint(video):
            return
        if not Stage.objects.filter(pk=stage.pk, state__in=ENDED).update(**held):
            return
    run_stage(stage.pk, token=token)


@transaction.atomic
def try_again(video: Video) -> int:
    """Queue a video's failed stages once more, for an editor. Returns their number."""
    return video.stages.filter(state=StageState.FAILED).update(
        state=StageState.QUEUED, attempts=0, progress=0, message="", due_at=timezone.now()
    )
