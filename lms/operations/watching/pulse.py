"""What beats inside Celery's own processes. A worker does so on its own timer, as the dispatcher
does, so that one that is busy with a film is not taken for dead. Without a broker the clock is a
thread of the worker (decision 032)."""

import logging
import time
from threading import Event, Thread
from typing import Any, Final

from celery import bootsteps
from celery.beat import PersistentScheduler, ScheduleEntry, Service
from celery.worker import WorkController
from django.db import connections

from lms.operations.watching.heartbeats import CLOCK, note_alive, worker_of
from media.pipeline.forking import FORKS_NOTHING

logger = logging.getLogger(__name__)

EVERY_SECONDS: Final = 60.0
#: How long a worker that ends waits for its clock; and the clock, after an error of its own.
PATIENCE_SECONDS: Final = 2.0
AFRESH_SECONDS: Final = 10.0


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
        with FORKS_NOTHING:
            try:
                note_alive(worker_of(name) for name in queues.consume_from)
            finally:
                connections.close_all()  # no child may inherit an open connection


class Clock(PersistentScheduler):
    """Celery's own, which also says that it ticks. Over memory://, which does not reach another
    process's workers and would let a job wait behind a film, it does the jobs itself."""

    noted = float("-inf")  # on the monotonic clock

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() - self.noted >= EVERY_SECONDS / 2:
            self.note_that_it_ticks()
            self.noted = time.monotonic()
        seconds: float = super().tick(*args, **kwargs)
        return seconds

    def note_that_it_ticks(self) -> None:
        with FORKS_NOTHING:
            try:
                note_alive([CLOCK])
            finally:
                connections.close_all()

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        if not has_no_broker(self.app):
            return super().apply_async(entry, *args, **kwargs)
        due: Any = self.reserve(entry)
        with FORKS_NOTHING:
            try:
                return self.app.tasks[due.task].apply(due.args, due.kwargs)
            finally:
                connections.close_all()  # its database may have dropped it long before the next


class OwnClock(bootsteps.StartStopStep):
    """A boot step of the one worker where there is no broker: a thread that is its clock. It goes
    on after an error, such as a full disk."""

    requires = ("celery.worker.components:Timer", "celery.worker.components:Pool")

    def __init__(self, worker: WorkController, **options: Any) -> None:
        super().__init__(worker, **options)
        self.enabled = has_no_broker(worker.app)
        self.ended = Event()
        self.service: Any = None

    def start(self, worker: WorkController) -> None:
        self.thread = Thread(target=self.run, args=(worker.app,), name="clock", daemon=True)
        self.thread.start()

    def run(self, app: Any) -> None:
        app.set_current()
        while not self.ended.is_set():
            self.service = Service(app, max_interval=1, scheduler_cls=Clock)
            try:
                self.service.start()
            except Exception:
                logger.exception("The clock stopped; it begins afresh in %d s", AFRESH_SECONDS)
                self.ended.wait(AFRESH_SECONDS)

    def stop(self, worker: WorkController) -> None:
        self.ended.set()
        if self.service is not None:
            self.service.stop()
        self.thread.join(PATIENCE_SECONDS)

    def terminate(self, worker: WorkController) -> None:
        self.stop(worker)


def has_no_broker(app: Any) -> bool:
    return bool(app.conf.broker_url.startswith("memory:"))
