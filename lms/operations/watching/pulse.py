"""What beats inside Celery's own processes. A worker does so on its own timer, as the dispatcher
does, so that one that is busy with a film is not taken for dead."""

import time
from typing import Any, Final

from celery import bootsteps
from celery.beat import PersistentScheduler
from celery.worker import WorkController
from django.db import connections

from lms.operations.watching.heartbeats import CLOCK, note_alive, worker_of

EVERY_SECONDS: Final = 60.0


class Pulse(bootsteps.StartStopStep):
    """A boot step of each worker; stops with it."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: WorkController, **options: Any) -> None:
        super().__init__(worker, **options)
        self.entry: Any = None

    def start(self, worker: WorkController) -> None:
        self.beat(worker)
        timer: Any = worker.timer
        self.entry = timer.call_repeatedly(EVERY_SECONDS, self.beat, (worker,))

    def stop(self, worker: WorkController) -> None:
        if self.entry is not None:
            self.entry.cancel()
            self.entry = None

    def terminate(self, worker: WorkController) -> None:
        self.stop(worker)

    def beat(self, worker: WorkController) -> None:
        queues: Any = worker.app.amqp.queues
        try:
            note_alive(worker_of(name) for name in queues.consume_from)
        finally:
            connections.close_all()  # the pool forks: none may inherit an open connection


class Clock(PersistentScheduler):
    """Celery's own, which also says that it ticks."""

    noted = float("-inf")  # on the monotonic clock

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() - self.noted >= EVERY_SECONDS / 2:
            note_alive([CLOCK])
            connections.close_all()
            self.noted = time.monotonic()
        seconds: float = super().tick(*args, **kwargs)
        return seconds
