from celery import shared_task

from lms.privacy.retention import keep_periods


@shared_task(name="privacy.keep_periods", time_limit=3600)
def keep_periods_tonight() -> None:
    keep_periods()
