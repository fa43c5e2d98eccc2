"""`pytest -n 3` runs the tests in three processes, each with its own folder and Redis databases.

Loaded with -p, since it must be there before the settings are.
"""

import gc
import os
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from xdist.scheduler import LoadFileScheduling

#: Of Redis's sixteen, to each process.
DATABASES = 5
JOURNEYS = "tests/journeys/"
CHECKOUT = Path(__file__).parents[1]

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
#: Names the test run, in each of its processes.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
#: The folder of what all its processes use.
SHARED = Path(os.environ.get("VAR_DIR", "var/test")).resolve()

# What is imported and collected stays until the end: looking through it for garbage took a quarter
# of each process's time before its first test. What a test leaves is little: looked for after every
# seven hundred things as by default, it is a twelfth of a test's time.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


class ByFile(LoadFileScheduling):
    """All tests of a file in one process, so that what they share is made once. So are all journeys
    on the site with lessons, and all on the one without: neither needs the other, and both take
    long to make. The files with most tests begin."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return journeys_of(file) if file.startswith(JOURNEYS) else file


@cache
def journeys_of(file: str) -> str:
    """Which of the two a journey goes with, by what it asks for."""
    return JOURNEYS + ("empty_site" if "empty_site" in (CHECKOUT / file).read_text() else "")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    return ByFile(config, log)


# A speech engine in a test has one thread, as in the pipeline (subtitles/recognition/recognise.py):
# threads that wait for each other by turning round cost the other processes half of their time.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def further(url: str, by: int) -> str:
    """The Redis database so many numbers after that of `url`."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{int(parts.path[1:]) + by}"))


if WORKER:
    os.environ["VAR_DIR"] = str(SHARED / WORKER)
    for name in ("CELERY_BROKER_URL", "CACHE_URL"):
        if name in os.environ:
            os.environ[name] = further(os.environ[name], DATABASES * int(WORKER[2:]))
