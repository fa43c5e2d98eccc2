from celery import shared_task

from lms.statistics.services import distinct_learners
from lms.statistics.services import recount as nightly


@shared_task(name="statistics.count_learners", time_limit=1800)
def count_learners() -> None:
    distinct_learners.count_learners()


@shared_task(name="statistics.recount", time_limit=6 * 3600)
def recount() -> None:
    nightly.recount()
