"""The dispatcher runs in the Celery worker and sends messages for due stages, every second.

Over `memory://` the messages reach its own worker, over Redis or RabbitMQ all workers. Every worker
may have one, since a row is claimed by compare-and-set.
"""

import logging
import time
from typing import Any

from celery import bootsteps
from celery.worker import WorkController
from django.db import connections

from media.pipeline import services
from media.pipeline.forking import FORKS_NOTHING
from media.pipeline.stages import KINDS
from media.pipeline.tasks import run_stage

logger = logging.getLogger(__name__)


def send_due_stages(*, return_abandoned: bool = True) -> int:
    """Plan stages, return abandoned ones, claim due ones, send. Returns the number of messages."""
    services.plan_stages()
    if return_abandoned:
        services.return_abandoned_stages()
    services.fail_blocked_stages()
    claimed = services.claim_due_stages(limit=services.free_send_slots())
    for stage in claimed:
        queue = KINDS[stage.kind].queue
        run_stage.apply_async(args=(stage.pk, str(stage.token)), queue=queue)
    return len(claimed)


class Dispatcher(bootsteps.StartStopStep):
    """A boot step on the worker's own timer; stops with it."""

    requires = ("celery.worker.components:Timer", "celery.worker.components:Pool")
    interval_seconds = 1.0

    def __init__(self, worker: WorkController, **options: Any) -> None:
        super().__init__(worker, **options)
        self.entry: Any = None
        self.returns_abandoned_from = 0.0

    def start(self, worker: WorkController) -> None:
        timer: Any = worker.timer
        self.entry = timer.call_repeatedly(self.interval_seconds, self.tick)

    def stop(self, worker: WorkController) -> None:
        if self.entry is not None:
            self.entry.cancel()
            self.entry = None

    def terminate(self, worker: WorkController) -> None:
        self.stop(worker)

    def tick(self) -> None:
        """One round. When the database is unreachable, that is logged and tried again next time.

        Workers could not extend their leases meanwhile, so none is returned for one lease's time.
        """
        with FORKS_NOTHING:
            try:
                send_due_stages(return_abandoned=time.monotonic() >= self.returns_abandoned_from)
            except Exception:
                self.returns_abandoned_from = time.monotonic() + services.lease().total_seconds()
                logger.exception("The dispatcher could not do its round; it tries again soon")
            finally:
                connections.close_all()  # no child may inherit an open connection
