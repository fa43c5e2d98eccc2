"""Jobs are claimed by compare-and-set and held by a lease, as the stages of a film are."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.text import Truncator

from lms.packs.choices import JobState
from lms.packs.models.jobs import LONGEST_MESSAGE, Job, JobQuerySet
from lms.packs.refusals import PackError
from media.errors import DATABASE_AWAY

logger = logging.getLogger(__name__)

J = TypeVar("J", bound=Job)

MAX_ATTEMPTS = 3
PROGRESS_INTERVAL_SECONDS = 0.5


class JobLost(Exception):
    """Another worker has it now."""


def do_waiting(kind: type[J], do: Callable[[J], None], *, broken: str, failed: str) -> int:
    """Do those that wait, one after another. `broken`: what is said of one whose worker died
    MAX_ATTEMPTS times; `failed`: of one that ended in what nobody foresaw. Returns how many were
    taken in hand."""
    taken = 0
    return_abandoned(kind, broken)
    while (job := claim(kind)) is not None:
        taken += 1
        try:
            with heartbeat(job):
                do(job)
        except PackError as reason:
            fail(job, str(reason))
        except JobLost:
            logger.warning("%s %s went on elsewhere", kind.__name__, job.pk)
        except Exception:
            logger.exception("%s %s failed", kind.__name__, job.pk)
            fail(job, failed)
    return taken


def return_abandoned(kind: type[Job], broken: str) -> None:
    """Those of a worker that has fallen silent wait anew; after MAX_ATTEMPTS they fail."""
    abandoned = rows_of(kind).abandoned(timezone.now())
    abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, token=None, finished_at=timezone.now(), message=broken
    )
    abandoned.update(state=JobState.WAITING, token=None, progress=0)


def claim(kind: type[J]) -> J | None:
    """The one that waits longest, for this worker; None while another is done, or none waits."""
    rows = rows_of(kind)
    if rows.filter(state=JobState.RUNNING).exists():
        return None
    for job in rows.filter(state=JobState.WAITING).order_by("asked_at", "pk"):
        token = uuid.uuid4()
        won = rows.filter(pk=job.pk, state=JobState.WAITING).update(
            state=JobState.RUNNING,
            token=token,
            attempts=F("attempts") + 1,
            progress=0,
            lease_until=timezone.now() + _lease(),
        )
        if won:
            job.refresh_from_db()
            return job
    return None


def hold(job: Job, **changes: object) -> None:
    """Write to the row. Raises JobLost where another worker has it."""
    if not rows_of(type(job)).filter(pk=job.pk, token=job.token).update(**changes):
        raise JobLost(job)


def finish(job: Job, *, message: str, **changes: object) -> None:
    hold(
        job,
        state=JobState.DONE,
        token=None,
        progress=100,
        finished_at=timezone.now(),
        message=Truncator(message).chars(LONGEST_MESSAGE),
        **changes,
    )


def fail(job: Job, reason: str) -> None:
    rows_of(type(job)).filter(pk=job.pk, token=job.token).update(
        state=JobState.FAILED,
        token=None,
        finished_at=timezone.now(),
        message=Truncator(reason).chars(LONGEST_MESSAGE),
    )


def rows_of(kind: type[J]) -> JobQuerySet[J]:
    """Of the table of that kind of job."""
    rows: Any = kind._default_manager.all()
    return rows


class Report:
    """Writes the progress, not more often than twice a second."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.written_at = 0.0

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now - self.written_at < PROGRESS_INTERVAL_SECONDS:
            return
        self.written_at = now
        hold(
            self.job,
            progress=round(100 * min(max(fraction, 0.0), 1.0)),
            lease_until=timezone.now() + _lease(),
        )


@contextmanager
def heartbeat(job: Job) -> Iterator[None]:
    """Extend the lease from a thread while the body runs."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(settings.STAGE_LEASE_SECONDS / 3):
            try:
                hold(job, lease_until=timezone.now() + _lease())
            except JobLost:
                break
            except DATABASE_AWAY:
                connection.close()
        connection.close()

    name = f"{type(job).__name__}-{job.pk}"
    thread = threading.Thread(target=beat, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _lease() -> timedelta:
    return timedelta(seconds=settings.STAGE_LEASE_SECONDS)
