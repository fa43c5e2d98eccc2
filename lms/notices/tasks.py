from celery import shared_task
from django.conf import settings

from lms.notices.services.classes import remind_of_tomorrow
from lms.notices.services.digests import send_digests
from lms.notices.services.posting import send_due


@shared_task(name="notices.send", time_limit=120)
def send() -> None:
    send_due()


@shared_task(name="notices.remind", time_limit=1800)
def remind() -> None:
    if settings.REMIND_OF_CLASSES:
        remind_of_tomorrow()


@shared_task(name="notices.digest", time_limit=1800)
def digest() -> None:
    send_digests()
