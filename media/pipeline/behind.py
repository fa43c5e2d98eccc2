"""Work that comes after all others', while pages are answered."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone
from typing import TypeVar

from media.pipeline.stages import Progress

#: Pages answer as fast as beside SCHED_IDLE, at which a film stood still for minutes while others
#: had the processor (benchmarks/README.md).
NICENESS = 19
REPORT_SECONDS = 0.5

Made = TypeVar("Made")


def behind(work: Callable[[Progress], Made], progress: Progress = lambda done: None) -> Made:
    """What `work` returns or raises. It is done in a thread that comes after all others, and so
    does FFmpeg, which inherits that. How far it has come is told from this one, which has the
    database."""
    reached = [0.0]

    def lowered() -> Made:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
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
