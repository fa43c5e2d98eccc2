from celery import shared_task

from lms.schools.services import counting, recounting


@shared_task(name="schools.count_learners", time_limit=1800)
def count_learners() -> None:
    counting.count_learners()


@shared_task(name="schools.recount", time_limit=6 * 3600)
def recount() -> None:
    recounting.recount()
