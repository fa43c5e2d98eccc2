from celery import shared_task

from lms.search.counting import forget_old_counts
from lms.search.entries import read_stale


@shared_task(name="search.read_changes", time_limit=1800)
def read_changes() -> None:
    """What a process that was killed after a change has left to be read."""
    read_stale()


@shared_task(name="search.forget_counts", time_limit=600)
def forget_counts() -> None:
    forget_old_counts()
