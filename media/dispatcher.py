"""The dispatcher lives in the Celery worker and turns due rows into messages, every second.

One path serves both ways of running: over `memory://` it talks to the worker it lives in, over
Redis or RabbitMQ to all of them. Any number of workers may each have one, since a row is claimed
by compare-and-set.
"""

import logging
import time
from typing import Any

from celery import bootsteps
from celery.worker import WorkController
from django.db import connections

from media import services
from media.stages import KINDS
from media.tasks import run_stage

logger = logging.getLogger(__name__)


def send_due_stages(*, sweep: bool = True) -> int:
    """Plan, sweep, claim and send. Returns how many messages were sent."""
    services.plan_stages()
    if sweep:
        services.return_abandoned_stages()
    services.end_what_waits_in_vain()
    claimed = services.claim_due_stages(limit=services.room_to_send())
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
        self.sweeps_from = 0.0

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
        """One look at the rows. A database that is away is told of, and asked again next time.

        Nobody could say meanwhile that he lives, so each has a lease's time to say it now.
        """
        try:
            send_due_stages(sweep=time.monotonic() >= self.sweeps_from)
        except Exception:
            self.sweeps_from = time.monotonic() + services.lease().total_seconds()
            logger.exception("The dispatcher could not do its round; it tries again in a second")
        finally:
            # The pool forks new processes at any time: none may inherit an open connection.
            connections.close_all()
