"""Work that is done when nobody waits for the processor."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone
from contextlib import suppress
from typing import TypeVar

from media.pipeline.stages import Progress

NICENESS = 19
REPORT_SECONDS = 0.5

Made = TypeVar("Made")


def behind(work: Callable[[Progress], Made], progress: Progress = lambda done: None) -> Made:
    """What `work` returns or raises. It is done in a thread that runs when nothing else would, and
    so does FFmpeg, which inherits that. How far it has come is told from this one, which has the
    database."""
    reached = [0.0]

    def lowered() -> Made:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        with suppress(OSError):  # some containers forbid it
            os.sched_setscheduler(threading.get_native_id(), os.SCHED_IDLE, os.sched_param(0))
        return work(lambda done: reached.__setitem__(0, done))

    with ThreadPoolExecutor(1, thread_name_prefix="behind") as one:
        future: Future[Made] = one.submit(lowered)
        while True:
            try:
                return future.result(timeout=REPORT_SECONDS)
            except NotDone:
                if future.done():
                    raise
                progress(reached[0])
