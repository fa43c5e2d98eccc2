from celery import shared_task

from lms.offline.services import forget_old


@shared_task(name="offline.forget_old")
def forget_old_noted() -> None:
    forget_old()
