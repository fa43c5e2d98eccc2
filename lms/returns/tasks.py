from celery import shared_task

from lms.returns.services.beginning import begin_last_month


@shared_task(name="returns.begin_month", time_limit=1800)
def begin_month() -> None:
    begin_last_month()
